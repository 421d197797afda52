import type { Machine } from './machine.ts'

/** A graphics device by the number of its maker. */
export interface Display {
  /** Of PCI: 0x10de is NVIDIA, 0x1002 AMD, 0x8086 Intel. */
  readonly vendor: number
  /** What is known of its name. */
  readonly name: string
  /** Where it was seen: "the PCI bus". */
  readonly source: string
}

export const vendors = { nvidia: 0x10de, amd: 0x1002, intel: 0x8086 } as const

/** Graphics and compute devices on the PCI bus, as Linux shows them; elsewhere none. */
export async function displaysOf({ platform, readDir, readFile }: Machine): Promise<Display[]> {
  if (platform !== 'linux') return []
  const root = '/sys/bus/pci/devices'
  const found: Display[] = []
  for (const device of await readDir(root)) {
    const vendor = hexOf(await readFile(`${root}/${device}/vendor`))
    if (!Object.values<number | null>(vendors).includes(vendor)) continue
    const kind = hexOf(await readFile(`${root}/${device}/class`))
    if (vendor === null || kind === null || !isGraphics(kind, vendor)) continue
    const model = hexOf(await readFile(`${root}/${device}/device`))
    const name = `${vendor.toString(16)}:${(model ?? 0).toString(16).padStart(4, '0')}`
    found.push({ vendor, name: model === null ? 'unknown' : name, source: 'the PCI bus' })
  }
  return found
}

/** Class 03 is display; 12 is processing accelerators, as which cards for computing centres are listed. */
function isGraphics(kind: number, vendor: number): boolean {
  return kind >>> 16 === 0x03 || (kind >>> 16 === 0x12 && vendor === vendors.amd)
}

function hexOf(text: string | null): number | null {
  const digits = /^\s*0x([\da-f]{1,8})\s*$/i.exec(text ?? '')?.[1]
  return digits === undefined ? null : Number.parseInt(digits, 16)
}
