import { compareVersions } from '../../core/dotted-version.ts'
import { SluiceError } from '../../core/errors.ts'
import type { BinaryFacts } from './binary-facts.ts'
import type { BinaryFile } from './binary-file.ts'

/*
 * ELF: System V Application Binary Interface, "Object Files"; symbol versions: Linux Standard Base, "Symbol Versioning".
 */

const machines: ReadonlyMap<number, string> = new Map([
  [3, 'ia32'],
  [21, 'ppc64'],
  [22, 's390x'],
  [40, 'arm'],
  [62, 'x64'],
  [183, 'arm64'],
  [243, 'riscv64'],
  [258, 'loong64'],
])
const sharedObject = 3
const headerBytes = 64
/** Where the field in the header ends that tells the architecture. */
const machineEnd = 20
const segment = { load: 1, dynamic: 2 } as const
const tag = { end: 0, needed: 1, strings: 5, soname: 14, rpath: 15, runpath: 29 } as const
const versionsTag = 0x6fff_fffe
/** A version that the loader does not insist on. */
const weakVersion = 2
const limits = {
  programHeaders: 128,
  dynamicEntries: 4096,
  needed: 256,
  versions: 4096,
  versionBytes: 256 * 1024,
} as const

interface Layout {
  readonly file: BinaryFile
  readonly little: boolean
  /** Where what is at an address in memory is in the file. */
  readonly offsetOf: (address: number) => number
}

export function isElf(head: DataView): boolean {
  return head.byteLength >= 4 && head.getUint32(0) === 0x7f45_4c46
}

/**
 * Of a 32-bit file only the architecture is read: there is no library of that kind to be loaded here. So it is for one
 * that is not made for `arch` and is damaged as well: the architecture is what says most about it.
 */
export async function readElf(file: BinaryFile, arch: string): Promise<BinaryFacts> {
  const header = await file.upTo(0, headerBytes)
  if (header.byteLength < machineEnd) return file.fail('it ends early')
  const little = header.getUint8(5) === 1
  const archs = [machines.get(header.getUint16(18, little)) ?? `machine ${header.getUint16(18, little)}`]
  const facts: BinaryFacts = {
    format: 'elf',
    archs,
    soname: null,
    needed: [],
    runpath: [],
    glibc: null,
    macos: null,
  }
  if (header.getUint8(4) !== 2) return facts
  try {
    return { ...facts, ...(await readRest(file, header, little)) }
  } catch (error) {
    if (archs.includes(arch) || !(error instanceof SluiceError)) throw error
    return facts
  }
}

async function readRest(file: BinaryFile, header: DataView, little: boolean): ReturnType<typeof readDynamic> {
  if (header.getUint16(16, little) !== sharedObject) return file.fail('it is a program or an object, no shared library')
  if (header.byteLength < headerBytes) return file.fail('it ends early')
  const { layout, dynamic } = await readSegments(file, header, little)
  return readDynamic(layout, dynamic)
}

async function readSegments(
  file: BinaryFile,
  header: DataView,
  little: boolean,
): Promise<{ layout: Layout; dynamic: DataView }> {
  const [size, count] = [header.getUint16(54, little), header.getUint16(56, little)]
  if (size !== 56 || count === 0 || count > limits.programHeaders) return file.fail('its table of segments is damaged')
  const table = await file.at(number(header, 32, little), size * count)
  const loads: Array<{ address: number; offset: number; size: number }> = []
  let dynamic: { offset: number; size: number } | null = null
  for (let at = 0; at < table.byteLength; at += size) {
    const kind = table.getUint32(at, little)
    const one = {
      offset: number(table, at + 8, little),
      address: number(table, at + 16, little),
      size: number(table, at + 32, little),
    }
    if (kind === segment.load) loads.push(one)
    if (kind === segment.load && one.offset + one.size > file.size) return file.fail('it ends early')
    if (kind === segment.dynamic) dynamic = one
  }
  if (dynamic === null) return file.fail('it has nothing to link to')
  function offsetOf(address: number): number {
    const home = loads.find((load) => address >= load.address && address < load.address + load.size)
    return home === undefined ? file.fail('its header points outside the file') : address - home.address + home.offset
  }
  const length = Math.min(dynamic.size, limits.dynamicEntries * 16)
  return { layout: { file, little, offsetOf }, dynamic: await file.at(dynamic.offset, length - (length % 16)) }
}

async function readDynamic(layout: Layout, dynamic: DataView): Promise<Partial<BinaryFacts>> {
  const entries: Array<readonly [tag: number, value: number]> = []
  for (let at = 0; at < dynamic.byteLength; at += 16) {
    const entry = [number(dynamic, at, layout.little), number(dynamic, at + 8, layout.little)] as const
    if (entry[0] === tag.end) break
    entries.push(entry)
  }
  const valuesOf = (wanted: number) => entries.filter(([found]) => found === wanted).map(([, value]) => value)
  const [address] = valuesOf(tag.strings)
  if (address === undefined) return layout.file.fail('it has no names')
  const strings = layout.offsetOf(address)
  const text = (offset: number): Promise<string> => layout.file.text(strings + offset)
  const texts = async (offsets: readonly number[]): Promise<string[]> => {
    if (offsets.length > limits.needed) return layout.file.fail('it names too many libraries')
    const found: string[] = []
    for (const offset of offsets) found.push(await text(offset))
    return found
  }
  const [versions] = valuesOf(versionsTag)
  const paths = await texts([...valuesOf(tag.rpath), ...valuesOf(tag.runpath)])
  return {
    soname: (await texts(valuesOf(tag.soname)))[0] ?? null,
    needed: await texts(valuesOf(tag.needed)),
    runpath: paths.flatMap((path) => path.split(':')),
    glibc: versions === undefined ? null : await readVersions(layout, layout.offsetOf(versions), text),
  }
}

/** The newest `GLIBC_2.x` among the versions that it insists on. */
async function readVersions(
  { file, little }: Layout,
  offset: number,
  text: (offset: number) => Promise<string>,
): Promise<string | null> {
  const view = await file.upTo(offset, limits.versionBytes)
  const names = new Set<number>()
  let seen = 0
  for (let need = 0, next = -1; next !== 0; need += next) {
    if (need + 16 > view.byteLength || ++seen > limits.versions) return file.fail('its table of versions is damaged')
    let left = view.getUint16(need + 2, little)
    for (let at = need + view.getUint32(need + 8, little); left > 0; left--) {
      if (at + 16 > view.byteLength || ++seen > limits.versions) return file.fail('its table of versions is damaged')
      if ((view.getUint16(at + 4, little) & weakVersion) === 0) names.add(view.getUint32(at + 8, little))
      at += view.getUint32(at + 12, little)
    }
    next = view.getUint32(need + 12, little)
  }
  let newest: string | null = null
  for (const name of names) {
    const version = glibcOf(await text(name))
    if (version !== null && (newest === null || compareVersions(version, newest) > 0)) newest = version
  }
  return newest
}

/** `GLIBC_ABI_DT_RELR` is a feature of the loader that came with glibc 2.36. */
function glibcOf(version: string): string | null {
  if (version === 'GLIBC_ABI_DT_RELR') return '2.36'
  return /^GLIBC_(\d{1,4}(?:\.\d{1,4}){1,2})$/.exec(version)?.[1] ?? null
}

/** Beyond what a number holds exactly it is no offset of a file: such a value is refused where it is used. */
function number(view: DataView, offset: number, little: boolean): number {
  return Number(view.getBigUint64(offset, little))
}
