import { constants, existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryFolder } from './temporary-folder.ts'

/** Where the npm package with real libraries of llama.cpp is; installed on Linux with x64 only. */
const packageFolder = join(import.meta.dirname, '../../node_modules/@node-llama-cpp/linux-x64/bins/linux-x64')

/** Why tests with real libraries cannot run here, false where they can: for `{ skip: noRealLibrary }`. */
export const noRealLibrary: string | false = existsSync(packageFolder)
  ? false
  : `no real libraries here: the package @node-llama-cpp/linux-x64 is not for ${process.platform}-${process.arch}`

/** A build whose libraries these could be. */
export const realTag = 'b11429'

export interface RealLibrary {
  /** Absolute; what the top folder of an archive holds. */
  readonly folder: string
  /** `libllama.so` in it, a link. */
  readonly libraryPath: string
}

/** Copies of the real libraries in a new folder as a release has them: runnable, with the chain of links. */
export async function realLibraryFolder(t: TestContext, options: { backends?: RegExp } = {}): Promise<RealLibrary> {
  const folder = join(temporaryFolder(t), `llama-${realTag}`)
  await mkdir(folder)
  await fillLibraryFolder(folder, options)
  return { folder, libraryPath: join(folder, 'libllama.so') }
}

/** The same in a folder that is there. `backends` says which variants for the CPU are wanted; default all 14. */
export async function fillLibraryFolder(folder: string, { backends = /./ }: { backends?: RegExp } = {}): Promise<void> {
  for (const name of await readdir(packageFolder)) {
    if (!name.endsWith('.so') || (name.startsWith('libggml-cpu-') && !backends.test(name))) continue
    const copy = join(folder, name)
    await copyFile(join(packageFolder, name), copy, constants.COPYFILE_FICLONE)
    await chmod(copy, 0o755)
    const stem = /^(libllama|libggml)\.v[\d.]+\.so$/.exec(basename(name))?.[1]
    if (stem === undefined) continue
    await symlink(name, join(folder, `${stem}.so.0`))
    await symlink(`${stem}.so.0`, join(folder, `${stem}.so`))
  }
}
