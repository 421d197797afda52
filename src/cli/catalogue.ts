import { getOptions } from '../config/options.ts'
import type { OptionSpec } from '../config/option-spec.ts'

export interface CommandSpec {
  readonly name: string
  /** What follows the name in the usage line. */
  readonly operands: string
  readonly summary: string
  /** Absent while this version does not have the command yet. */
  readonly options?: readonly OptionSpec[]
  /** Lines for the end of its help. */
  readonly examples?: readonly string[]
}

/** Every command of Sluice, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'get',
    operands: '<reference...>',
    summary: 'download now, in the foreground; no daemon needed',
    options: getOptions,
    examples: [
      'sluice get https://example.org/file.iso',
      'sluice get -d downloads --sha256 HEX https://example.org/file.iso',
      'sluice get -j 8 -i list.txt',
    ],
  },
  { name: 'pull', operands: '<model...>', summary: 'download Ollama and OCI models' },
  { name: 'unzip', operands: '<model.zip>', summary: 'install a model from a zip file' },
  { name: 'models', operands: '', summary: 'list or remove installed models' },
  { name: 'llama', operands: '<action>', summary: 'prebuilt llama.cpp libraries' },
  { name: 'release', operands: '<owner/repo[@tag]>', summary: 'download from a GitHub release' },
  { name: 'serve', operands: '', summary: 'start the daemon and its page' },
  { name: 'add', operands: '<reference...>', summary: 'queue on the daemon' },
  { name: 'list', operands: '', summary: 'downloads of the daemon' },
  { name: 'pause', operands: 'ID|--all', summary: 'pause a download' },
  { name: 'resume', operands: 'ID|--all', summary: 'resume a download' },
  { name: 'cancel', operands: 'ID', summary: 'cancel a download' },
  { name: 'retry', operands: 'ID', summary: 'try a failed download again' },
  { name: 'remove', operands: 'ID', summary: 'remove a download from the list' },
  { name: 'priority', operands: 'ID N', summary: 'set the priority of a download, 1-10' },
  { name: 'move', operands: 'ID top|bottom|N', summary: 'move a download in the queue' },
  { name: 'history', operands: '', summary: 'what was downloaded before' },
  { name: 'stats', operands: '', summary: 'figures of all downloads' },
  { name: 'settings', operands: '[KEY [VALUE]]', summary: 'read or change settings' },
  { name: 'watch', operands: '', summary: 'follow the events of the daemon' },
  { name: 'doctor', operands: '', summary: 'check this installation' },
]
