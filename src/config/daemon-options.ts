import type { OptionSpec } from './option-spec.ts'
import { quiet, remote } from './shared-options.ts'

const page = [
  { name: 'limit', kind: 'integer', range: [1, 1000], value: 'N', group: 'Choice', help: 'Most lines. Default: 100.' },
  {
    name: 'offset',
    kind: 'integer',
    range: [0, 1_000_000_000],
    value: 'N',
    group: 'Choice',
    help: 'Lines to leave out at the beginning.',
  },
  { name: 'desc', kind: 'flag', group: 'Choice', help: 'The other way round: largest, latest or fastest first.' },
] as const satisfies readonly OptionSpec[]

const filter = [
  {
    name: 'search',
    kind: 'text',
    value: 'TEXT',
    group: 'Choice',
    help: 'Only those with this text in the name or the address.',
  },
  {
    name: 'type',
    kind: 'text',
    value: 'EXT',
    group: 'Choice',
    help: 'Only files of this type, by extension: zip, tar.gz.',
  },
  { name: 'host', kind: 'text', value: 'HOST', group: 'Choice', help: 'Only from this host.' },
] as const satisfies readonly OptionSpec[]

/** What can be asked of the list, by the state of its downloads. */
const listedStatus = {
  name: 'status',
  kind: 'choice',
  repeatable: true,
  choices: ['created', 'validating', 'queued', 'active', 'paused', 'completed', 'error', 'cancelled'],
  value: 'STATUS',
  group: 'Choice',
  help: 'Only those in this state: queued, active, paused, completed, error, cancelled; repeatable.',
} as const satisfies OptionSpec

export const listOptions = [
  listedStatus,
  ...filter,
  {
    name: 'sort',
    kind: 'choice',
    choices: [
      'queue',
      'name',
      'size',
      'speed',
      'eta',
      'date',
      'ended',
      'status',
      'progress',
      'host',
      'priority',
      'verdict',
    ],
    value: 'KEY',
    group: 'Choice',
    help: 'Order: queue, name, size, speed, eta, date, ended, status, progress, host, priority or verdict. Default: queue.',
  },
  ...page,
  ...quiet,
  ...remote,
] as const satisfies readonly OptionSpec[]

export const historyOptions = [
  {
    name: 'status',
    kind: 'choice',
    repeatable: true,
    choices: ['completed', 'error', 'cancelled'],
    value: 'STATUS',
    group: 'Choice',
    help: 'Only those that ended so: completed, error or cancelled; repeatable.',
  },
  ...filter,
  {
    name: 'min-size',
    kind: 'size',
    value: 'SIZE',
    group: 'Choice',
    help: 'Only files of this size or larger: 700M, 1.5G.',
  },
  { name: 'max-size', kind: 'size', value: 'SIZE', group: 'Choice', help: 'Only files of this size or smaller.' },
  {
    name: 'since',
    kind: 'text',
    value: 'TIME',
    group: 'Choice',
    help: 'Ended at this time or later: 2030-12-31 or 2030-12-31T22:00.',
  },
  { name: 'until', kind: 'text', value: 'TIME', group: 'Choice', help: 'Ended before this time.' },
  {
    name: 'sort',
    kind: 'choice',
    choices: ['date', 'name', 'size', 'speed', 'duration', 'status', 'host', 'type'],
    value: 'KEY',
    group: 'Choice',
    help: 'Order: date, name, size, speed, duration, status, host or type. Default: date, latest first.',
  },
  ...page,
  {
    name: 'export',
    kind: 'choice',
    choices: ['json', 'csv'],
    value: 'FORMAT',
    group: 'Output',
    help: 'Write those that match as json or csv to stdout: all, unless --limit or --offset choose.',
  },
  ...quiet,
  ...remote,
] as const satisfies readonly OptionSpec[]

export const actOptions = [...quiet, ...remote] as const satisfies readonly OptionSpec[]

export const moveFileOptions = [
  {
    name: 'output',
    short: 'o',
    kind: 'text',
    value: 'NAME',
    group: 'Files',
    help: 'Another name for the file. Default: the one that it has.',
  },
  {
    name: 'if-exists',
    kind: 'choice',
    choices: ['rename', 'overwrite', 'skip', 'fail'],
    value: 'WHAT',
    group: 'Files',
    help: 'When the name is taken: rename, overwrite, skip or fail. Default: what the settings say.',
  },
  ...remote,
] as const satisfies readonly OptionSpec[]

const all = {
  name: 'all',
  short: 'a',
  kind: 'flag',
  group: 'Choice',
  help: 'Every download that this can be done with.',
} as const satisfies OptionSpec

export const actAllOptions = [all, ...actOptions] as const satisfies readonly OptionSpec[]

export const removeOptions = [
  { ...all, help: 'Every download of the list.' },
  { ...listedStatus, help: 'Every download in this state: completed, error, cancelled and so on; repeatable.' },
  { name: 'delete-file', kind: 'flag', group: 'Choice', help: 'Delete the files too.' },
  ...actOptions,
] as const satisfies readonly OptionSpec[]

export const settingsOptions = [
  { name: 'reset', kind: 'flag', group: 'Choice', help: 'Put the setting, or all of them, back to the default.' },
  ...actOptions,
] as const satisfies readonly OptionSpec[]

export const showOptions = remote

export const doctorOptions = [
  {
    name: 'dir',
    short: 'd',
    kind: 'path',
    env: 'SLUICE_DIR',
    value: 'DIR',
    group: 'Files',
    help: 'Folder to look at for leftover parts and free space. Default: the current folder.',
  },
  ...remote,
] as const satisfies readonly OptionSpec[]
