import { cudaPlan } from './cuda-plan.ts'
import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import type { BackendWish, HardwareFacts } from './hardware.ts'

/** Chips of AMD that the ROCm builds have kernels for. */
const rocmChips: ReadonlySet<string> = new Set(
  '1030 1031 1032 1100 1101 1102 1150 1151 1200 1201'.split(' ').map((chip) => `gfx${chip}`),
)
const rocmChipsOfLinux: ReadonlySet<string> = new Set(['gfx908', 'gfx90a', 'gfx942'])
/** Chips that are faster with Vulkan than with ROCm. */
const vulkanChips: ReadonlySet<string> = new Set(['gfx1150', 'gfx1151'])

const cpu: BackendWish = { backend: 'cpu', atLeast: null, atMost: null, why: 'The CPU always works.' }

/**
 * The ways to use a machine, best first. The last is always the CPU. SYCL, OpenCL and OpenVINO are never in it: they are
 * used on request.
 */
export function backendPlan(facts: HardwareFacts): BackendWish[] {
  return read(facts).wishes
}

/** Why hardware that is there has no place in the plan: sentences for people. */
export function leftOut(facts: HardwareFacts): string[] {
  return read(facts).notes
}

/**
 * The wishes that a variant stands for: `auto` is the plan, and `cpu`, `cuda`, `cuda-12`, `cuda-12.8`, `vulkan` and so on
 * that backend alone, with the versions that suit the machine first. Null for other names, which builds may have all the
 * same (`all`, `sycl-fp16`, `snapdragon`). Without facts `auto` is the CPU. `usage` for what can be no name.
 */
export function wishesFor(variant: string, facts: HardwareFacts | null): readonly BackendWish[] | null {
  if (variant === 'auto') return facts === null ? [cpu] : backendPlan(facts)
  if (!/^[a-z\d][a-z\d._-]{0,60}$/i.test(variant))
    throw new SluiceError('usage', `"${excerpt(variant)}" is no variant.`, {
      hint: 'Give auto, all, cpu, cuda, cuda-12.8, rocm, vulkan, sycl-fp16, opencl, openvino or metal.',
    })
  const [, name = '', version] = /^([a-z]+)(?:-(\d{1,9}(?:\.\d{1,9}){0,4}))?$/i.exec(variant) ?? []
  const backend = backendOf(name.toLowerCase())
  if (backend === null) return null
  if (version !== undefined)
    return [{ backend, atLeast: version, atMost: version, why: `${backend} ${version} was asked for.` }]
  const planned = facts === null ? [] : backendPlan(facts).filter((wish) => wish.backend === backend)
  if (planned.some(({ atLeast }) => atLeast === null)) return planned
  return [...planned, { backend, atLeast: null, atMost: null, why: `${backend} was asked for.` }]
}

function backendOf(name: string): BackendWish['backend'] | null {
  switch (name) {
    case 'cpu':
    case 'cuda':
    case 'rocm':
    case 'vulkan':
    case 'sycl':
    case 'opencl':
    case 'openvino':
    case 'metal':
      return name
    case 'hip':
      return 'rocm'
    default:
      return null
  }
}

interface Reading {
  readonly wishes: BackendWish[]
  readonly notes: string[]
}

function read(facts: HardwareFacts): Reading {
  if (facts.platform === 'darwin') return readMac(facts)
  const notes: string[] = []
  const cuda = facts.nvidia === null ? null : cudaPlan(facts.nvidia)
  if (cuda !== null && cuda.reason !== null) notes.push(`CUDA is left out: ${cuda.reason}.`)
  const rocm = rocmWish(facts, notes)
  const vulkan = vulkanWish(facts, notes)
  if (facts.intel?.gpu === true) notes.push('SYCL and OpenVINO, for GPUs of Intel, are used on request only.')
  const prefersVulkan = facts.amd?.gpus.some(({ gfx }) => gfx !== null && vulkanChips.has(gfx)) === true
  const rest = prefersVulkan ? [vulkan, rocm] : [rocm, vulkan]
  return { wishes: [...(cuda?.wishes ?? []), ...rest.filter((wish) => wish !== null), cpu], notes }
}

function readMac({ arch, translated }: HardwareFacts): Reading {
  if (arch === 'arm64')
    return {
      wishes: [{ backend: 'metal', atLeast: null, atMost: null, why: 'Macs with Apple chips have Metal.' }, cpu],
      notes: [],
    }
  const note = 'Metal is left out: this process runs under Rosetta; a Node for arm64 can use it.'
  return { wishes: [cpu], notes: translated ? [note] : [] }
}

function rocmWish({ platform, arch, amd }: HardwareFacts, notes: string[]): BackendWish | null {
  if (amd === null || amd.gpus.length === 0) return null
  const chips = amd.gpus.map(({ gfx }) => gfx).filter((gfx) => gfx !== null)
  const chip = chips.find((gfx) => rocmChips.has(gfx) || (platform === 'linux' && rocmChipsOfLinux.has(gfx)))
  if (chip !== undefined && arch === 'x64')
    return { backend: 'rocm', atLeast: null, atMost: null, why: `The ROCm builds have kernels for ${chip}.` }
  const why =
    chips.length === 0 ? 'the chip of the GPU is not known' : `its builds have no kernels for ${chips.join(', ')}`
  notes.push(`ROCm is left out: ${arch === 'x64' ? why : 'there are builds for x64 only'}.`)
  return null
}

function vulkanWish({ platform, arch, vulkan }: HardwareFacts, notes: string[]): BackendWish | null {
  const device = vulkan?.devices.find(({ kind }) => kind === 'discrete') ?? vulkan?.devices[0]
  if (device === undefined) {
    if (vulkan !== null) notes.push('Vulkan is left out: its loader shows no real device.')
    return null
  }
  if (platform === 'win32' && arch === 'arm64') {
    notes.push('Vulkan is used on request only on Windows with arm64.')
    return null
  }
  return { backend: 'vulkan', atLeast: null, atMost: null, why: `Vulkan has ${excerpt(device.name, 60)}.` }
}
