import type { BinaryFacts } from './binary-facts.ts'
import type { BinaryFile } from './binary-file.ts'

/* PE: Microsoft, "PE Format". */

const machines: ReadonlyMap<number, string> = new Map([
  [0x014c, 'ia32'],
  [0x01c4, 'arm'],
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
  [0xa641, 'arm64'],
])
const dllFlag = 0x2000
const wide = 0x20b
const limits = { sections: 96, imports: 512 } as const
const importBytes = 20
/** In the optional header of a 64-bit file: number of directories, then the directory of imports. */
const directories = { count: 108, imports: 120 } as const

interface Section {
  readonly address: number
  readonly size: number
  readonly offset: number
}

export function isPe(head: DataView): boolean {
  return head.byteLength >= 64 && head.getUint16(0) === 0x4d5a
}

/** Imports that are loaded only when they are used ("delay-loaded") are none that it cannot be loaded without. */
export async function readPe(file: BinaryFile): Promise<BinaryFacts> {
  const start = (await file.at(0, 64)).getUint32(60, true)
  const header = await file.at(start, 24)
  if (header.getUint32(0) !== 0x5045_0000) return file.fail('it is a program of DOS')
  const machine = header.getUint16(4, true)
  const facts: BinaryFacts = {
    format: 'pe',
    archs: [machines.get(machine) ?? `machine ${machine}`],
    soname: null,
    needed: [],
    runpath: [],
    glibc: null,
    macos: null,
  }
  if ((header.getUint16(22, true) & dllFlag) === 0) return file.fail('it is a program, no DLL')
  const [count, optionalBytes] = [header.getUint16(6, true), header.getUint16(20, true)]
  const optional = await file.at(start + 24, optionalBytes)
  if (optionalBytes < 2 || optional.getUint16(0, true) !== wide) return facts
  if (optionalBytes < directories.imports + 8 || optional.getUint32(directories.count, true) < 2) return facts
  if (count > limits.sections) return file.fail('it has too many sections')
  const sections = sectionsOf(await file.at(start + 24 + optionalBytes, count * 40))
  const imports = optional.getUint32(directories.imports, true)
  return imports === 0 ? facts : { ...facts, needed: await readImports(file, sections, imports) }
}

function sectionsOf(table: DataView): Section[] {
  const sections: Section[] = []
  for (let at = 0; at < table.byteLength; at += 40)
    sections.push({
      size: table.getUint32(at + 16, true),
      address: table.getUint32(at + 12, true),
      offset: table.getUint32(at + 20, true),
    })
  return sections
}

async function readImports(file: BinaryFile, sections: readonly Section[], address: number): Promise<string[]> {
  function offsetOf(wanted: number): number {
    const home = sections.find((one) => wanted >= one.address && wanted < one.address + one.size)
    return home === undefined ? file.fail('its header points outside the file') : wanted - home.address + home.offset
  }
  const names: string[] = []
  for (let at = offsetOf(address); ; at += importBytes) {
    const name = (await file.at(at, importBytes)).getUint32(12, true)
    if (name === 0) return names
    if (names.length === limits.imports) return file.fail('it names too many libraries')
    names.push(await file.text(offsetOf(name)))
  }
}
