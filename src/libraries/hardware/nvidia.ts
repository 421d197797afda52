import type { NvidiaFacts } from '../../core/hardware.ts'
import { vendors } from './displays.ts'
import type { Display } from './displays.ts'
import type { Found, Machine } from './machine.ts'
import { readNvidiaAnswer } from './native-answers.ts'
import { parseGpuInformation, parseKernelVersion, parseSmiBanner, parseSmiGpus } from './nvidia-text.ts'
import { isSkipped } from './overrides.ts'

/** Asks the driver by its management library, then by CUDA, then by its tool; then looks at what the kernel shows. */
export async function nvidiaFacts(machine: Machine, displays: readonly Display[]): Promise<Found<NvidiaFacts | null>> {
  const { env, platform } = machine
  if (platform === 'darwin') return { fact: null, notes: [] }
  if (isSkipped(env, 'CUDA')) return { fact: null, notes: ['NVIDIA: not looked for, as SLUICE_SKIP_CUDA is set.'] }
  const visible = env['CUDA_VISIBLE_DEVICES']
  if (visible !== undefined && /^\s*(-1.*)?$/.test(visible))
    return { fact: null, notes: ['NVIDIA: none, as CUDA_VISIBLE_DEVICES hides every GPU.'] }
  const notes: string[] = []
  const nvml = await fromLibrary(machine, 'nvml', notes)
  if (nvml !== null && visible === undefined)
    return { fact: nvml, notes: [...notes, told('the NVIDIA driver (NVML)', nvml)] }
  const cuda = await fromLibrary(machine, 'cuda', notes)
  if (cuda !== null) {
    const fact = { ...cuda, driver: nvml?.driver ?? cuda.driver }
    return { fact, notes: [...notes, told('the NVIDIA driver (CUDA)', fact)] }
  }
  if (nvml !== null) {
    notes.push('NVIDIA: CUDA_VISIBLE_DEVICES may hide some of these GPUs; CUDA could not be asked.')
    return { fact: nvml, notes: [...notes, told('the NVIDIA driver (NVML)', nvml)] }
  }
  const smi = await fromTool(machine)
  if (smi !== null) return { fact: smi, notes: [...notes, told('nvidia-smi', smi)] }
  return await fromKernel(machine, displays, notes)
}

async function fromLibrary(machine: Machine, native: 'nvml' | 'cuda', notes: string[]): Promise<NvidiaFacts | null> {
  const reply = await machine.ask(native)
  if ('answer' in reply) return readNvidiaAnswer(reply.answer)
  notes.push(`NVIDIA: ${reply.problem}`)
  return null
}

async function fromTool(machine: Machine): Promise<NvidiaFacts | null> {
  for (const program of toolPaths(machine)) {
    const query = (fields: string): Promise<string | null> =>
      machine.run(program, [`--query-gpu=${fields}`, '--format=csv,noheader'])
    const rows =
      (await query('name,driver_version,memory.total,compute_cap')) ?? (await query('name,driver_version,memory.total'))
    const read = rows === null ? null : parseSmiGpus(rows)
    if (read === null || read.gpus.length === 0) continue
    return { ...read, cuda: parseSmiBanner((await machine.run(program, [])) ?? '') }
  }
  return null
}

function toolPaths({ platform, env }: Machine): string[] {
  if (platform !== 'win32') return ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi']
  // By full path: the search of Windows begins in the current folder.
  return [
    `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\nvidia-smi.exe`,
    `${env['ProgramFiles'] ?? 'C:\\Program Files'}\\NVIDIA Corporation\\NVSMI\\nvidia-smi.exe`,
  ]
}

async function fromKernel(
  machine: Machine,
  displays: readonly Display[],
  notes: string[],
): Promise<Found<NvidiaFacts | null>> {
  const root = '/proc/driver/nvidia'
  const driver = parseKernelVersion((await machine.readFile(`${root}/version`)) ?? '')
  const gpus: Array<NvidiaFacts['gpus'][number]> = []
  for (const gpu of await machine.readDir(`${root}/gpus`)) {
    const name = parseGpuInformation((await machine.readFile(`${root}/gpus/${gpu}/information`)) ?? '')
    if (name !== null) gpus.push({ name, capability: null, memory: null })
  }
  if (driver !== null || gpus.length > 0) {
    const fact = { driver, cuda: null, gpus }
    return { fact, notes: [...notes, told('the kernel (/proc/driver/nvidia)', fact)] }
  }
  const cards = displays.filter(({ vendor }) => vendor === vendors.nvidia)
  if (cards.length === 0) return { fact: null, notes: [...notes, 'NVIDIA: no sign of a GPU.'] }
  const named = cards.map(({ name }) => ({ name: `NVIDIA ${name}`, capability: null, memory: null }))
  const fact = { driver: null, cuda: null, gpus: named }
  return { fact, notes: [...notes, `NVIDIA: ${named.length} GPU on the PCI bus, but no driver that answers.`] }
}

function told(source: string, { driver, cuda, gpus }: NvidiaFacts): string {
  const names = gpus.map(({ name, capability }) => `${name}${capability === null ? '' : ` (${capability})`}`).join(', ')
  const versions = [`driver ${driver ?? 'unknown'}`, `CUDA ${cuda ?? 'unknown'}`].join(', ')
  return `NVIDIA: ${names === '' ? 'no GPU' : names}, ${versions}, by ${source}.`
}
