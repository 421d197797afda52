import type { OptionSpec } from './option-spec.ts'
import { quiet, remote } from './shared-options.ts'

const page = [
  { name: 'limit', kind: 'integer', range: [1, 1000], value: 'N', group: 'Choice', help: 'Most lines. Default: 100.' },
  { name: 'offset', kind: 'integer', value: 'N', group: 'Choice', help: 'Lines to leave out at the beginning.' },
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

export const listOptions = [
  {
    name: 'status',
    kind: 'choice',
    repeatable: true,
    choices: ['created', 'validating', 'queued', 'active', 'paused', 'completed', 'error', 'cancelled'],
    value: 'STATUS',
    group: 'Choice',
    help: 'Only those in this state: queued, active, paused, completed, error, cancelled; repeatable.',
  },
  ...filter,
  {
    name: 'sort',
    kind: 'choice',
    choices: ['queue', 'name', 'size', 'speed', 'date', 'status', 'progress', 'host', 'priority'],
    value: 'KEY',
    group: 'Choice',
    help: 'Order: queue, name, size, speed, date, status, progress, host or priority. Default: queue.',
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
    help: 'Write all that match as json or csv to stdout.',
  },
  ...quiet,
  ...remote,
] as const satisfies readonly OptionSpec[]

export const actOptions = [...quiet, ...remote] as const satisfies readonly OptionSpec[]

export const actAllOptions = [
  { name: 'all', short: 'a', kind: 'flag', group: 'Choice', help: 'Every download that this can be done with.' },
  ...actOptions,
] as const satisfies readonly OptionSpec[]

export const removeOptions = [
  { name: 'delete-file', kind: 'flag', group: 'Choice', help: 'Delete the file too.' },
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
    kind: 'text',
    env: 'SLUICE_DIR',
    value: 'DIR',
    group: 'Files',
    help: 'Folder to look at for leftover parts and free space. Default: the current folder.',
  },
  ...remote,
] as const satisfies readonly OptionSpec[]
