import { basename, dirname, isAbsolute, join } from 'node:path'
import type { AddRequest } from '../server/api-types.ts'
import { splitHeader } from '../config/header.ts'
import type { addOptions } from '../config/add-options.ts'
import type { Settings } from '../config/resolve.ts'
import { SluiceError } from '../core/errors.ts'
import { timeOf } from './operands.ts'

export type AddOption = (typeof addOptions)[number]['name']

/** What the flags say of every download of this line. */
export type SharedFields = Omit<AddRequest, 'reference'>

/** Refuses combinations of flags and references that mean nothing, as `usage` errors. */
export function checkAdd(settings: Settings<AddOption>, references: readonly string[]): void {
  const fromList = settings.text('input') !== undefined
  if (references.length === 0 && !fromList)
    throw new SluiceError('usage', 'There is nothing to add: no reference was given.', {
      hint: 'Write sluice add https://..., or give a list with -i FILE. See sluice add --help.',
    })
  if (references.includes('')) throw new SluiceError('usage', 'A reference is empty.')
  if (references.length === 1 && !fromList) return
  for (const name of ['output', 'sha256', 'checksum', 'mirror'] as const) {
    if (settings.list(name).length === 0) continue
    throw new SluiceError('usage', `--${name} belongs to a single reference, not to several.`, {
      hint: 'In a list, give each reference its own lines: out=NAME, checksum=ALGO=HEX, further addresses after tabs.',
    })
  }
}

/** Fields that were not given are absent, so that presets and settings of the daemon count. */
export function sharedFields(settings: Settings<AddOption>): SharedFields {
  const checksum = [...settings.list('sha256'), ...settings.list('checksum')]
  const headers = settings.list('header').map(splitHeader)
  const mirrors = settings.list('mirror')
  const startAt = settings.text('start-at')
  return {
    ...place(settings.text('output'), settings.text('dir')),
    ...present('asset', settings.text('asset')),
    ...present('platform', settings.text('platform')),
    ...present('priority', settings.number('priority')),
    ...present('retries', settings.number('retries')),
    ...present('connections', settings.number('connections')),
    ...present('speedLimit', settings.number('limit-rate')),
    ...present('userAgent', settings.text('user-agent')),
    ...present('referer', settings.text('referer')),
    ...present('preset', settings.text('preset')),
    ...present('ifExists', settings.text('if-exists') as AddRequest['ifExists']),
    ...present('ifDuplicate', settings.text('if-duplicate') as AddRequest['ifDuplicate']),
    ...(startAt === undefined ? {} : { startAt: timeOf(startAt, 'start-at') }),
    ...(settings.flag('paused') ? { paused: true } : {}),
    ...(checksum.length === 0 ? {} : { checksum }),
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
  }
}

/** Folders in the name become part of the folder: for the daemon a name is only a name. */
function place(output: string | undefined, dir: string | undefined): Pick<AddRequest, 'filename' | 'dir'> {
  if (output === undefined) return present('dir', dir)
  if (output === '-' || /[/\\]$/.test(output) || ['.', '..'].includes(basename(output)))
    throw new SluiceError('usage', '--output must be the name of a file.', { hint: 'Give the folder with --dir.' })
  const folder = dirname(output)
  const whole = isAbsolute(output) ? folder : join(dir ?? '.', folder)
  return { filename: basename(output), ...(whole === '.' ? {} : { dir: whole }) }
}

function present<K extends keyof AddRequest, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
