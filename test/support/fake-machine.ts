import type { HardwareOptions } from '../../src/libraries/hardware/detect-hardware.ts'
import type { Machine } from '../../src/libraries/hardware/machine.ts'

/** What a machine of a test has; all else it does not have. */
export interface FakeMachine {
  readonly platform?: string
  readonly arch?: string
  readonly env?: NodeJS.ProcessEnv
  readonly release?: string
  /** Files by path; their folders list them. */
  readonly files?: Readonly<Record<string, string>>
  /** Paths that this user may not use. */
  readonly forbidden?: readonly string[]
  readonly libraries?: readonly string[]
  /** What programs print, by the line that they are called with. */
  readonly programs?: Readonly<Record<string, string>>
  readonly natives?: Readonly<Record<string, unknown>>
  /** Why libraries do not answer. */
  readonly problems?: Readonly<Record<string, string>>
  readonly report?: () => unknown
}

/** A machine for `detectHardware` that has nothing of the one that the test runs on. `asked` notes what was asked of it. */
export function fakeMachine(has: FakeMachine, asked: string[] = []): HardwareOptions & Machine {
  const { files = {}, libraries = [], programs = {}, natives = {}, problems = {}, forbidden = [] } = has
  return {
    platform: has.platform ?? 'linux',
    arch: has.arch ?? 'x64',
    env: has.env ?? {},
    release: has.release ?? '6.1.0',
    report: has.report ?? (() => ({ header: { glibcVersionRuntime: '2.36' } })),
    readFile: async (path) => files[path] ?? null,
    readDir: async (folder) => {
      const inside = Object.keys(files).filter((path) => path.startsWith(`${folder}/`))
      return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/', 1)[0] ?? ''))]
    },
    exists: async (path) => path in files,
    usable: async (path) => path in files && !forbidden.includes(path),
    hasLibrary: async (name) => libraries.includes(name),
    run: async (program, args) => {
      const line = [program, ...args].join(' ')
      asked.push(line)
      return programs[line] ?? null
    },
    ask: async (native) => {
      asked.push(native)
      const problem = problems[native]
      return problem === undefined ? { answer: natives[native] ?? null } : { problem }
    },
  }
}

/** Files that the PCI bus of Linux shows for devices, each `vendor device class` in hex. */
export function pciFiles(devices: readonly string[]): Record<string, string> {
  const files: Record<string, string> = {}
  devices.forEach((device, index) => {
    const [vendor, model, kind] = device.split(' ')
    const folder = `/sys/bus/pci/devices/0000:0${index}:00.0`
    files[`${folder}/vendor`] = `0x${vendor}\n`
    files[`${folder}/device`] = `0x${model}\n`
    files[`${folder}/class`] = `0x${kind}\n`
  })
  return files
}
