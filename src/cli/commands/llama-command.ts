import { llamaOptions } from '../../config/llama-options.ts'
import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import { closest } from '../closest.ts'
import type { Command, CommandContext } from '../command.ts'
import { clean } from '../print/clean.ts'

type Run = (settings: Settings<LlamaOption>, operands: readonly string[], context: CommandContext) => Promise<number>

interface Action {
  readonly line: string
  readonly summary: string
  readonly load: () => Promise<Run>
}

/** Options that only some actions take; those that may come from elsewhere than the command line are not among them. */
const own: Readonly<Partial<Record<LlamaOption, readonly string[]>>> = {
  version: ['download', 'test-download', 'load', 'export', 'clean-cache'],
  platforms: ['download', 'test-download', 'export'],
  all: ['download', 'test-download'],
  checksum: ['download'],
  sha256: ['download'],
  force: ['download'],
  keep: ['prune'],
  to: ['export'],
}

const actions: Readonly<Record<string, Action>> = {
  download: {
    line: 'download',
    summary: 'fetch libraries into the cache: for this machine, --platforms a,b or --all',
    load: async () => (await import('./llama-download.ts')).runDownload,
  },
  'test-download': {
    line: 'test-download',
    summary: 'tell release, file and address, and why; fetch nothing',
    load: async () => (await import('./llama-test-download.ts')).runTestDownload,
  },
  'verify-checksum': {
    line: 'verify-checksum FILE [HEX]',
    summary: 'the SHA-256 of a file, compared with HEX',
    load: async () => (await import('./llama-checksum.ts')).runChecksum,
  },
  list: {
    line: 'list',
    summary: 'what is in the cache',
    load: async () => (await import('./llama-cache.ts')).runList,
  },
  verify: {
    line: 'verify [VERSION]',
    summary: 'read every file in the cache and compare it',
    load: async () => (await import('./llama-cache.ts')).runVerify,
  },
  prune: {
    line: 'prune --keep N',
    summary: 'remove all but the newest N versions of each platform and variant',
    load: async () => (await import('./llama-cache.ts')).runPrune,
  },
  'clean-cache': {
    line: 'clean-cache [--version V]',
    summary: 'empty the cache, or remove one version',
    load: async () => (await import('./llama-cache.ts')).runClean,
  },
  load: {
    line: 'load [--version V]',
    summary: 'load a library in a process of its own; print version, devices and system info',
    load: async () => (await import('./llama-load.ts')).runLoad,
  },
  'detect-gpu': {
    line: 'detect-gpu',
    summary: 'what this machine has, and what libraries would be chosen',
    load: async () => (await import('./llama-detect-gpu.ts')).runDetectGpu,
  },
  export: {
    line: 'export --to DIR',
    summary: 'copy libraries into DIR/os_arch_build',
    load: async () => (await import('./llama-export.ts')).runExport,
  },
}

export const llamaCommand: Command<LlamaOption> = {
  options: llamaOptions,
  actions: Object.values(actions).map(({ line, summary }) => [line, summary]),
  examples: [
    'sluice llama download',
    'sluice llama download --version b6089 --platforms linux/amd64,darwin/arm64 --checksum',
    'sluice llama download --all',
    'sluice llama test-download --version nightly',
    'sluice llama load',
    'sluice llama clean-cache',
  ],
  async run(settings, operands, context) {
    const [name, ...rest] = operands
    const action = name === undefined || !Object.hasOwn(actions, name) ? undefined : actions[name]
    if (name === undefined || action === undefined) throw noAction(name)
    for (const [option, users] of Object.entries(own)) {
      const key = llamaOptions.find((one) => one.name === option)?.name
      if (key !== undefined && isGiven(settings, key) && !users.includes(name))
        throw new SluiceError('usage', `sluice llama ${name} does not take --${option}.`, {
          hint: `It belongs to ${users.join(', ')}.`,
        })
    }
    return (await action.load())(settings, rest, context)
  },
}

function isGiven(settings: Settings<LlamaOption>, name: LlamaOption): boolean {
  switch (llamaOptions.find((option) => option.name === name)?.kind) {
    case 'flag':
      return settings.flag(name)
    case 'integer':
      return settings.number(name) !== undefined
    default:
      return settings.text(name) !== undefined
  }
}

function noAction(name: string | undefined): SluiceError {
  const near = name === undefined ? undefined : closest(name, Object.keys(actions))
  const sentence = name === undefined ? 'sluice llama needs an action.' : `There is no "sluice llama ${clean(name)}".`
  const hint =
    near === undefined ? `Choose one of ${Object.keys(actions).join(', ')}.` : `Did you mean sluice llama ${near}?`
  return new SluiceError('usage', sentence, { hint })
}
