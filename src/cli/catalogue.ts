import type { Command } from './command.ts'

export interface CommandSpec {
  readonly name: string
  /** What follows the name in the usage line. */
  readonly operands: string
  readonly summary: string
  /** Loads only what the command needs to read its line. */
  readonly load: () => Promise<Command>
}

/** Every command of Sluice, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'get',
    operands: '<reference...>',
    summary: 'download now, in the foreground; no daemon needed',
    load: async () => (await import('./commands/get-command.ts')).getCommand,
  },
  {
    name: 'pull',
    operands: '<model...>',
    summary: 'download Ollama and OCI models',
    load: async () => (await import('./commands/pull-command.ts')).pullCommand,
  },
  {
    name: 'unzip',
    operands: '<model.zip>',
    summary: 'install a model from a zip file',
    load: async () => (await import('./commands/unzip.ts')).unzipCommand,
  },
  {
    name: 'models',
    operands: '[rm NAME...|leftovers [rm]]',
    summary: 'list, check or remove installed models',
    load: async () => (await import('./commands/models.ts')).modelsCommand,
  },
  {
    name: 'llama',
    operands: '<action>',
    summary: 'prebuilt llama.cpp libraries: download, check, load',
    load: async () => (await import('./commands/llama-command.ts')).llamaCommand,
  },
  {
    name: 'release',
    operands: '<owner/repo[@tag]>',
    summary: 'download from a GitHub release',
    load: async () => (await import('./commands/release-command.ts')).releaseCommand,
  },
  {
    name: 'serve',
    operands: '',
    summary: 'start the daemon and its page',
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  {
    name: 'add',
    operands: '<reference...>',
    summary: 'queue on the daemon',
    load: async () => (await import('./commands/add.ts')).addCommand,
  },
  {
    name: 'list',
    operands: '',
    summary: 'downloads of the daemon',
    load: async () => (await import('./commands/list.ts')).listCommand,
  },
  {
    name: 'pause',
    operands: 'ID...|--all',
    summary: 'pause downloads',
    load: async () => (await import('./commands/pause.ts')).pauseCommand,
  },
  {
    name: 'resume',
    operands: 'ID...|--all',
    summary: 'resume downloads',
    load: async () => (await import('./commands/pause.ts')).resumeCommand,
  },
  {
    name: 'cancel',
    operands: 'ID...|--all',
    summary: 'cancel downloads',
    load: async () => (await import('./commands/cancel.ts')).cancelCommand,
  },
  {
    name: 'retry',
    operands: 'ID...|--all',
    summary: 'try failed or cancelled downloads again',
    load: async () => (await import('./commands/cancel.ts')).retryCommand,
  },
  {
    name: 'remove',
    operands: 'ID...|--status STATUS|--all',
    summary: 'remove downloads from the list',
    load: async () => (await import('./commands/remove.ts')).removeCommand,
  },
  {
    name: 'priority',
    operands: 'ID N',
    summary: 'set the priority of a download, 1-10, higher first',
    load: async () => (await import('./commands/change.ts')).priorityCommand,
  },
  {
    name: 'move',
    operands: 'ID top|bottom|N',
    summary: 'move a download among those of its priority',
    load: async () => (await import('./commands/change.ts')).moveCommand,
  },
  {
    name: 'move-file',
    operands: 'ID DIR',
    summary: "move the file of a finished download to another folder below the daemon's",
    load: async () => (await import('./commands/move-file.ts')).moveFileCommand,
  },
  {
    name: 'limit',
    operands: 'ID RATE',
    summary: 'cap the speed of a download: 600K, 10m, 0 for no cap',
    load: async () => (await import('./commands/change.ts')).limitCommand,
  },
  {
    name: 'history',
    operands: '[remove ID...|redownload ID...]',
    summary: 'what was downloaded before',
    load: async () => (await import('./commands/history.ts')).historyCommand,
  },
  {
    name: 'stats',
    operands: '',
    summary: 'figures of all downloads',
    load: async () => (await import('./commands/stats.ts')).statsCommand,
  },
  {
    name: 'settings',
    operands: '[KEY [VALUE]]',
    summary: 'read or change settings of the daemon',
    load: async () => (await import('./commands/settings.ts')).settingsCommand,
  },
  {
    name: 'watch',
    operands: '',
    summary: 'follow the downloads of the daemon',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
  {
    name: 'doctor',
    operands: '',
    summary: 'check this installation',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
]
