import type { OptionSpec } from './option-spec.ts'
import type { OptionName } from './options.ts'
import { foreground, ofGet } from './shared-options.ts'

export const github = [
  {
    name: 'github-api',
    kind: 'text',
    env: 'SLUICE_GITHUB_API',
    file: true,
    value: 'URL',
    group: 'Connection',
    help: 'Base address of the API of GitHub, of a GitHub Enterprise Server or of a mirror. Default: https://api.github.com.',
  },
  {
    name: 'github-download',
    kind: 'text',
    env: 'SLUICE_GITHUB_DOWNLOAD',
    file: true,
    value: 'URL',
    group: 'Connection',
    help: 'Base address of the files of releases. Default: https://github.com.',
  },
] as const satisfies readonly OptionSpec[]

export const cacheDir = {
  name: 'cache-dir',
  kind: 'path',
  env: 'SLUICE_LLAMA_CACHE_DIR',
  file: true,
  value: 'DIR',
  group: 'Files',
  help: "Folder for libraries of llama.cpp. Default: llama in Sluice's cache folder, on Linux ~/.cache/sluice/llama.",
} as const satisfies OptionSpec

const strict = {
  name: 'strict',
  kind: 'flag',
  env: 'SLUICE_STRICT',
  file: true,
  group: 'Checks',
  help: 'Refuse files whose digest nobody tells.',
} as const satisfies OptionSpec

export const llamaOptions = [
  {
    name: 'version',
    kind: 'text',
    value: 'VERSION',
    group: 'Choice',
    help: 'latest, nightly, a build such as b6089 or a release such as v0.6.0. Default: latest; of load the newest that is here.',
  },
  {
    name: 'platforms',
    kind: 'text',
    repeatable: true,
    value: 'A,B',
    group: 'Choice',
    help: 'linux, darwin or windows with amd64 or arm64, joined by commas: linux/amd64,darwin/arm64; repeatable. Default: this machine.',
  },
  { name: 'all', kind: 'flag', group: 'Choice', help: 'All six platforms.' },
  {
    name: 'variant',
    kind: 'text',
    default: 'auto',
    env: 'SLUICE_BACKEND',
    file: true,
    value: 'NAME',
    group: 'Choice',
    help: 'auto, all, cpu, cuda, cuda-12.8, rocm, vulkan, sycl-fp16, opencl-adreno, openvino or metal. Default: auto, what this machine can use; for other machines the CPU.',
  },
  {
    name: 'repo',
    kind: 'text',
    file: true,
    default: 'ggml-org/llama.cpp',
    value: 'OWNER/NAME',
    group: 'Choice',
    help: 'Where the releases are. Default: ggml-org/llama.cpp.',
  },
  cacheDir,
  {
    name: 'library-path',
    kind: 'text',
    env: 'SLUICE_LLAMA_LIBRARY_PATH',
    value: 'PATH',
    group: 'Files',
    help: 'Of load: this library, or the one in this folder, and no other.',
  },
  { name: 'to', kind: 'path', value: 'DIR', group: 'Files', help: 'Of export: the folder to copy into.' },
  { name: 'force', kind: 'flag', group: 'Files', help: 'Download again what is here.' },
  {
    name: 'keep',
    kind: 'integer',
    range: [0, 1000],
    value: 'N',
    group: 'Files',
    help: 'Of prune: how many versions of each platform and variant stay.',
  },
  { name: 'checksum', kind: 'flag', group: 'Checks', help: 'Show the SHA-256 of each archive.' },
  {
    name: 'sha256',
    kind: 'sha256',
    value: 'HEX',
    group: 'Checks',
    help: 'The SHA-256 that the archive of a single platform must have.',
  },
  strict,
  {
    name: 'concurrency',
    kind: 'integer',
    range: [1, 32],
    default: 4,
    env: 'SLUICE_CONCURRENCY',
    file: true,
    value: 'N',
    group: 'Speed',
    help: 'Platforms at once, 1-32. Default: 4.',
  },
  ...github,
  ...foreground,
] as const satisfies readonly OptionSpec[]

/** Options of `get` that `llama` has not are never set. */
export type LlamaOption = OptionName | (typeof llamaOptions)[number]['name']

export const releaseOptions = [
  {
    name: 'asset',
    kind: 'text',
    value: 'GLOB',
    group: 'Choice',
    help: 'Which file of the release, by its name: *linux*x64*. Between several that match the platform decides.',
  },
  {
    name: 'platform',
    kind: 'text',
    value: 'OS/ARCH',
    group: 'Choice',
    help: 'The platform that the file is for: linux/amd64, darwin/arm64, windows/x64. Default: this machine.',
  },
  { name: 'list', kind: 'flag', group: 'Choice', help: 'List the files of the release; download nothing.' },
  ...ofGet('dir', 'output', 'if-exists', 'dry-run'),
  {
    name: 'unpack',
    kind: 'flag',
    group: 'Files',
    help: 'Unpack the archive beside it, into a folder of its name.',
  },
  ...ofGet('sha256'),
  strict,
  ...github,
  ...foreground,
] as const satisfies readonly OptionSpec[]

/** Options of `get` that `release` has not are never set. */
export type ReleaseOption = OptionName | (typeof releaseOptions)[number]['name']
