import type { OptionSpec } from './option-spec.ts'
import type { OptionName } from './options.ts'
import { foreground, ofGet } from './shared-options.ts'

export const modelsDir = {
  name: 'models-dir',
  kind: 'path',
  file: true,
  value: 'DIR',
  group: 'Files',
  help: "The models folder of ollama. Default: OLLAMA_MODELS, else ollama's own of this machine.",
} as const satisfies OptionSpec

export const pullOptions = [
  modelsDir,
  {
    name: 'zip',
    kind: 'path',
    value: 'FILE',
    group: 'Files',
    help: 'Make one zip file with blobs/ and manifests/ instead of installing.',
  },
  {
    name: 'files',
    kind: 'path',
    value: 'DIR',
    group: 'Files',
    help: 'Make files with readable names (model.gguf, template, the titles of an artifact) instead. Artifacts that are no models of ollama become files in the current folder by themselves, unless --models-dir is given: then they are refused.',
  },
  {
    name: 'oci-layout',
    kind: 'path',
    value: 'DIR',
    group: 'Files',
    help: 'Make an OCI image layout instead, as skopeo and oras read it.',
  },
  {
    name: 'keep-staging',
    kind: 'flag',
    group: 'Files',
    help: 'Keep the staging folder: models/blobs, models/manifests, session.json.',
  },
  ...ofGet('if-exists', 'dry-run'),
  {
    name: 'registry',
    kind: 'text',
    env: 'SLUICE_REGISTRY',
    file: true,
    value: 'URL',
    group: 'Choice',
    help: 'Base address of the registry for names without a host. Default: https://registry.ollama.ai.',
  },
  {
    name: 'platform',
    kind: 'text',
    env: 'SLUICE_PLATFORM',
    file: true,
    value: 'OS/ARCH',
    group: 'Choice',
    help: 'Which one of several platforms: linux/amd64, linux/arm64. Default: linux and this machine.',
  },
  {
    name: 'concurrency',
    kind: 'integer',
    range: [1, 32],
    default: 4,
    env: 'SLUICE_CONCURRENCY',
    file: true,
    value: 'N',
    group: 'Speed',
    help: 'Blobs at once, 1-32. Default: 4.',
  },
  ...foreground,
] as const satisfies readonly OptionSpec[]

/** Options of `get` that `pull` has not are never set. */
export type PullOption = OptionName | (typeof pullOptions)[number]['name']

export const unzipOptions = [
  modelsDir,
  ...ofGet('json', 'quiet', 'verbose', 'help'),
] as const satisfies readonly OptionSpec[]

export const modelsOptions = [
  modelsDir,
  {
    name: 'verify',
    kind: 'flag',
    group: 'Checks',
    help: 'Read every blob and compare its digest.',
  },
  ...ofGet('json', 'quiet', 'verbose', 'help'),
] as const satisfies readonly OptionSpec[]
