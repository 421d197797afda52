import type { BinaryFacts } from './binary-facts.ts'
import type { BinaryFile } from './binary-file.ts'

/* Mach-O: `mach-o/loader.h` and `mach-o/fat.h` of macOS. */

const magic = { fat: 0xcafe_babe, thin64: 0xfeed_facf } as const
const machines: ReadonlyMap<number, string> = new Map([
  [7, 'ia32'],
  [12, 'arm'],
  [0x0100_0007, 'x64'],
  [0x0100_000c, 'arm64'],
])
const command = {
  load: 0x0c,
  reexport: 0x8000_001f,
  id: 0x0d,
  rpath: 0x8000_001c,
  minimum: 0x24,
  build: 0x32,
} as const
const libraryFiles: ReadonlySet<number> = new Set([6, 8])
/** A Java class begins with the same bytes as a universal file; it has a version above this where that has a count. */
const limits = { parts: 16, commands: 4096, commandBytes: 1024 * 1024 } as const
const headerBytes = 32

export function isMachO(head: DataView): boolean {
  if (head.byteLength < headerBytes) return false
  return (
    head.getUint32(0, true) === magic.thin64 || (head.getUint32(0) === magic.fat && head.getUint32(4) <= limits.parts)
  )
}

export async function readMachO(file: BinaryFile, arch: string): Promise<BinaryFacts> {
  const head = await file.at(0, 8)
  if (head.getUint32(0) !== magic.fat) return await readPart(file, 0)
  const count = head.getUint32(4)
  const table = await file.at(8, count * 20)
  const parts: Array<{ arch: string; offset: number }> = []
  for (let at = 0; at < table.byteLength; at += 20)
    parts.push({ arch: machineOf(table.getUint32(at)), offset: table.getUint32(at + 8) })
  const part = parts.find((one) => one.arch === arch) ?? parts[0]
  if (part === undefined) return file.fail('it is empty')
  return { ...(await readPart(file, part.offset)), archs: parts.map((one) => one.arch) }
}

async function readPart(file: BinaryFile, start: number): Promise<BinaryFacts> {
  const header = await file.at(start, headerBytes)
  if (header.getUint32(0, true) !== magic.thin64) return file.fail('one of its parts is damaged')
  if (!libraryFiles.has(header.getUint32(12, true))) return file.fail('it is a program or an object, no library')
  const [count, length] = [header.getUint32(16, true), header.getUint32(20, true)]
  if (count > limits.commands || length > limits.commandBytes) return file.fail('its header is too large')
  const commands = await file.at(start + headerBytes, length)
  const found = {
    needed: [] as string[],
    runpath: [] as string[],
    soname: null as string | null,
    macos: null as string | null,
  }
  for (let index = 0, at = 0; index < count; index++) {
    const size = at + 8 <= length ? commands.getUint32(at + 4, true) : 0
    if (size < 8 || at + size > length) return file.fail('its header is damaged')
    const one = new DataView(commands.buffer, commands.byteOffset + at, size)
    const kind = one.getUint32(0, true)
    if (kind === command.load || kind === command.reexport) found.needed.push(textOf(file, one))
    else if (kind === command.id) found.soname = textOf(file, one)
    else if (kind === command.rpath) found.runpath.push(textOf(file, one))
    else if (kind === command.build && size >= 16) found.macos = versionOf(one.getUint32(12, true))
    else if (kind === command.minimum && size >= 12) found.macos = versionOf(one.getUint32(8, true))
    at += size
  }
  return { format: 'mach-o', archs: [machineOf(header.getUint32(4, true))], ...found, glibc: null }
}

function machineOf(machine: number): string {
  return machines.get(machine) ?? `machine ${machine}`
}

function textOf(file: BinaryFile, one: DataView): string {
  const offset = one.byteLength >= 12 ? one.getUint32(8, true) : 0
  if (offset < 12 || offset >= one.byteLength) return file.fail('its header is damaged')
  const bytes = Buffer.from(one.buffer, one.byteOffset + offset, one.byteLength - offset)
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

/** `xxxx.yy.zz` in the nibbles of a number. */
function versionOf(value: number): string {
  const patch = value & 0xff
  return `${value >>> 16}.${(value >>> 8) & 0xff}${patch === 0 ? '' : `.${patch}`}`
}
