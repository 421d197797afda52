import type { HardwareFacts } from '../../core/hardware.ts'
import { cleanText } from '../load/clean-text.ts'
import { parseKfdNode, parseRocminfo } from './amd-text.ts'
import { vendors } from './displays.ts'
import type { Display } from './displays.ts'
import type { Found, Machine } from './machine.ts'
import { isSkipped } from './overrides.ts'

type Amd = NonNullable<HardwareFacts['amd']>

const topology = '/sys/class/kfd/kfd/topology/nodes'
/** Characters of a name. */
const maxName = 200
const windowsRuntimes = ['amdhip64_7.dll', 'amdhip64_6.dll']

/** Reads what the kernel's compute driver shows, then asks rocminfo, then goes by the maker of the graphics devices. */
export async function amdFacts(machine: Machine, displays: readonly Display[]): Promise<Found<HardwareFacts['amd']>> {
  if (machine.platform === 'darwin') return { fact: null, notes: [] }
  if (isSkipped(machine.env, 'ROCM')) return { fact: null, notes: ['AMD: not looked for, as SLUICE_SKIP_ROCM is set.'] }
  const own = displays.filter(({ vendor }) => vendor === vendors.amd)
  const kernel = machine.platform === 'linux' ? await fromKernel(machine) : []
  const runtime = await runtimeNotes(machine, kernel.length > 0 || own.length > 0)
  if (kernel.length > 0) return { fact: { gpus: kernel }, notes: [told(kernel, 'the kernel (kfd)'), ...runtime] }
  if (own.length === 0) return { fact: null, notes: ['AMD: no sign of a GPU.', ...runtime] }
  const asked = machine.platform === 'linux' ? await fromTool(machine) : []
  if (asked.length > 0) return { fact: { gpus: asked }, notes: [told(asked, 'rocminfo'), ...runtime] }
  // Both show the same devices; Vulkan has better names.
  const named = own.filter(({ source }) => source === 'Vulkan')
  const best = named.length > 0 ? named : own
  const gpus = best.map(({ name, source }) => ({ name: source === 'Vulkan' ? name : `AMD ${name}`, gfx: null }))
  return { fact: { gpus }, notes: [told(gpus, best[0]?.source ?? ''), ...runtime] }
}

async function fromKernel(machine: Machine): Promise<Array<Amd['gpus'][number]>> {
  const gpus: Array<Amd['gpus'][number]> = []
  for (const node of await machine.readDir(topology)) {
    const gfx = parseKfdNode((await machine.readFile(`${topology}/${node}/properties`)) ?? '')
    if (gfx === null) continue
    const name = cleanText(await machine.readFile(`${topology}/${node}/name`), maxName)
    gpus.push({ name: name === '' ? 'AMD GPU' : name, gfx })
  }
  return gpus
}

async function fromTool(machine: Machine): Promise<Amd['gpus']> {
  for (const program of ['rocminfo', '/opt/rocm/bin/rocminfo']) {
    const text = await machine.run(program, [])
    if (text !== null) return parseRocminfo(text)
  }
  return []
}

/** What else ROCm needs. */
async function runtimeNotes(machine: Machine, hasGpu: boolean): Promise<string[]> {
  const notes: string[] = []
  if (machine.platform === 'win32') {
    for (const name of windowsRuntimes) if (await machine.hasLibrary(name)) notes.push(`AMD: ${name} is installed.`)
    return notes
  }
  const version = /^\d{1,3}(?:\.\d{1,3}){1,2}/.exec((await machine.readFile('/opt/rocm/.info/version')) ?? '')?.[0]
  if (version !== undefined) notes.push(`AMD: ROCm ${version} is installed, by /opt/rocm/.info/version.`)
  if (hasGpu && (await machine.exists('/dev/kfd')) && !(await machine.usable('/dev/kfd')))
    notes.push('AMD: this user may not use /dev/kfd; the group render is needed.')
  return notes
}

function told(gpus: Amd['gpus'], source: string): string {
  const names = gpus.map(({ name, gfx }) => (gfx === null ? name : `${name} (${gfx})`)).join(', ')
  return `AMD: ${names}, by ${source}.`
}
