/** How a build computes: those that a plan can name, and `unknown` for all others, which are listed but never chosen. */
export type LlamaBackend = 'cpu' | 'cuda' | 'rocm' | 'vulkan' | 'sycl' | 'opencl' | 'openvino' | 'metal' | 'unknown'

/** What the file name of an archive of llama.cpp's releases says. */
export interface LlamaAsset {
  readonly name: string
  /** main: libraries and tools; companion: the CUDA runtime; other: a build for systems that Sluice does not know. */
  readonly role: 'main' | 'companion' | 'other'
  /** `b11541`, `v0.6.0` or `master-<sha>`; null where the name has none, as the CUDA runtime for Windows. */
  readonly tag: string | null
  readonly os: 'linux' | 'darwin' | 'windows' | 'other'
  readonly arch: 'amd64' | 'arm64' | 'other'
  readonly backend: LlamaBackend
  /** `13.4`, `fp16`, null where the name has none. */
  readonly backendVersion: string | null
  /** What narrows it further: `avx2`, `adreno`, `gfx1100`, `snapdragon`, `kleidiai`. */
  readonly extra: string | null
  /** The words of the name between system and architecture and after that, as written: `cuda-cu12.4`, `hip-gfx1100`. */
  readonly label: string
  readonly format: 'zip' | 'tar.gz'
}

const head =
  /^(cudart-)?llama-(?:(b\d{1,9}|v\d{1,6}(?:\.\d{1,6}){0,3}|master-[\da-f]{7,40})-)?bin-([\w.-]{1,100})\.(zip|tar\.gz)$/
const systems: Readonly<Record<string, LlamaAsset['os']>> = {
  ubuntu: 'linux',
  linux: 'linux',
  macos: 'darwin',
  win: 'windows',
}
const architectures: Readonly<Record<string, LlamaAsset['arch']>> = {
  x64: 'amd64',
  arm64: 'arm64',
  x86: 'other',
  aarch64: 'arm64',
  s390x: 'other',
}
const backends: Readonly<Record<string, LlamaBackend>> = {
  cpu: 'cpu',
  vulkan: 'vulkan',
  cuda: 'cuda',
  cublas: 'cuda',
  hip: 'rocm',
  rocm: 'rocm',
  sycl: 'sycl',
  opencl: 'opencl',
  openvino: 'openvino',
}
/** Builds for the CPU alone that are named by what they need or how they were compiled. */
const cpuBuilds: ReadonlySet<string> = new Set(['noavx', 'avx', 'avx2', 'avx512', 'llvm', 'msvc'])
const version = /^(?:cu)?(\d{1,9}(?:\.\d{1,9}){0,4})$/

/**
 * Reads the name of a build over all eras of the release page; null for everything else (`ui`, `xcframework`,
 * `nightly-tag.txt`). The whole name must fit.
 */
export function parseAsset(name: string): LlamaAsset | null {
  const match = name.length > 200 ? null : head.exec(name)
  if (match === null) return null
  const [, cudart, tag = null, middle = '', format] = match
  const [system = '', ...words] = middle.split('-')
  const at = words.findIndex((word) => Object.hasOwn(architectures, word))
  if (at < 0 || words.includes('')) return null
  const os = own(systems, system) ?? 'other'
  const arch = own(architectures, words[at] ?? '') ?? 'other'
  const [before, after] = [words.slice(0, at), words.slice(at + 1)]
  return {
    name,
    role: os === 'other' || arch === 'other' ? 'other' : cudart === undefined ? 'main' : 'companion',
    tag,
    os,
    arch,
    ...readLabel(before, after, os === 'darwin' && arch === 'arm64' ? 'metal' : 'cpu'),
    label: [...before, ...after].join('-'),
    format: format === 'zip' ? 'zip' : 'tar.gz',
  }
}

type Label = Pick<LlamaAsset, 'backend' | 'backendVersion' | 'extra'>

function readLabel(before: readonly string[], after: readonly string[], plain: LlamaBackend): Label {
  const [first, ...rest] = before
  if (first === undefined) return { backend: plain, backendVersion: null, extra: joined(after) }
  // `llvm-arm64-opencl-adreno`: the compiler stands where the backend stands in other names.
  if (first === 'llvm' && after[0] === 'opencl' && rest.length === 0) return readLabel(after, [], plain)
  if (cpuBuilds.has(first)) return { backend: 'cpu', backendVersion: null, extra: joined([...before, ...after]) }
  // `cu12.4` is backend and version in one.
  const isBoth = first.startsWith('cu') && version.test(first)
  const backend = isBoth ? 'cuda' : own(backends, first)
  if (backend === undefined) return { backend: 'unknown', backendVersion: null, extra: joined(after) }
  const words = isBoth ? before : rest
  const [second = ''] = words
  const number = version.exec(second)?.[1] ?? (/^fp(?:16|32)$/.test(second) ? second : null)
  // `hip-radeon` is the build for all Radeon cards.
  const known = number !== null || (backend === 'rocm' && second === 'radeon') ? words.slice(1) : words
  return { backend, backendVersion: number, extra: joined([...known, ...after]) }
}

/** What people call a build: `cpu`, `metal`, `cuda-13.4`, `rocm`, `sycl-fp16`, `opencl-adreno`, `cpu-avx2`. */
export function variantOf({ backend, backendVersion, extra, label }: LlamaAsset): string {
  if (backend === 'unknown') return label
  return [backend, backendVersion, extra].filter((part) => part !== null).join('-')
}

function joined(words: readonly string[]): string | null {
  return words.length === 0 ? null : words.join('-')
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
