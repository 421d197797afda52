import { withBinaryFile } from './binary-file.ts'
import { isElf, readElf } from './read-elf.ts'
import { isMachO, readMachO } from './read-mach-o.ts'
import { isPe, readPe } from './read-pe.ts'

/** What the header of a library says. Texts are as the file has them: not fit to be printed or used as a path as they are. */
export interface BinaryFacts {
  readonly format: 'elf' | 'mach-o' | 'pe'
  /** In Node's spellings (`x64`, `arm64`), else a word of its own; several in a universal file of macOS. */
  readonly archs: readonly string[]
  /** Its own name for others: SONAME, install name; null without one. */
  readonly soname: string | null
  /** The libraries that it cannot be loaded without, as it names them. */
  readonly needed: readonly string[]
  /** Folders that it is looked for them in, RPATH and RUNPATH alike, with `$ORIGIN`, `@loader_path` and the like as written. */
  readonly runpath: readonly string[]
  /** Oldest glibc that has all it asks for: `2.34`; null where it asks for none. */
  readonly glibc: string | null
  /** Oldest macOS that it is built for: `13.3`; null elsewhere. */
  readonly macos: string | null
}

/** Bytes that tell the format. */
const magicBytes = 64

/**
 * Reads the header of a library; of a universal file the part for `arch`, or the first. Nothing of the file is run. What
 * is no library (a text, a cut file, an object that lies about its own layout) is `not-loadable`; of an ELF file for another
 * architecture that is damaged only that is told.
 */
export function binaryFacts(path: string, arch: string = process.arch): Promise<BinaryFacts> {
  return withBinaryFile(path, async (file) => {
    const head = await file.upTo(0, magicBytes)
    if (isElf(head)) return await readElf(file, arch)
    if (isMachO(head)) return await readMachO(file, arch)
    if (isPe(head)) return await readPe(file)
    return file.fail(file.size === 0 ? 'it is empty' : 'it is neither ELF, Mach-O nor PE')
  })
}
