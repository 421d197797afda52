import { checkHeader, splitHeader } from '../../src/config/header.ts'
import { asSluiceError } from '../../src/core/errors.ts'
import { wishesFor } from '../../src/core/backend-plan.ts'
import { parseTarget, showTarget } from '../../src/core/llama-target.ts'
import { readNamePattern } from '../../src/core/name-pattern.ts'
import { parsePlatform } from '../../src/core/platform.ts'
import { parseRegistry } from '../../src/core/registry-url.ts'
import { parseRate } from '../../src/core/units.ts'
import type { AddRequest, LlamaRequest, ModelRequest } from '../../src/server/api-types.ts'
import { recogniseChecksum } from './checksum.ts'
import { isUsed } from './form.ts'
import type { FieldName, OptionsForm, Purpose } from './form.ts'
import { recogniseOne } from './recognise-one.ts'

/** Why a field cannot be sent. `detail` is the range, the number of the line, or the sentence itself. */
export interface FieldProblem {
  readonly reason:
    | 'path'
    | 'range'
    | 'checksum'
    | 'rate'
    | 'time'
    | 'line'
    | 'registry'
    | 'platform'
    | 'targets'
    | 'variant'
    | 'asset'
    | 'machine'
    | 'other'
  readonly detail: string
}

export interface ReadForm {
  readonly request: Omit<AddRequest, 'reference'>
  readonly problems: { readonly [F in FieldName]?: FieldProblem }
  /** How many options are set. */
  readonly count: number
}

type Read<T> = { readonly value: T } | { readonly problem: FieldProblem }

/** What to ask of the daemon, and what is wrong with which field. A start must be after `now` (ms since 1970). */
export function readForm(form: OptionsForm, purpose: Purpose, now: number): ReadForm {
  const problems: { [F in FieldName]?: FieldProblem } = {}
  let count = form.start === 'paused' ? 1 : 0
  const field = <T>(name: FieldName, read: (text: string) => Read<T>): T | undefined => {
    const text = form[name].trim()
    if (text === '' || !isUsed(name, purpose, form)) return undefined
    count++
    const result = read(text)
    if ('value' in result) return result.value
    problems[name] = result.problem
    return undefined
  }
  const headers = field('headers', readHeaders)
  const model: ModelRequest = present({
    registry: field('registry', readRegistry),
    platform: field('platform', readPlatform),
    concurrency: field('concurrency', (text) => wholeNumber(text, 1, 16)),
    target: field('target', () => good(form.target === '' ? undefined : form.target)),
    keepStaging: field('keepStaging', () => good(true)),
  })
  const llama: LlamaRequest = present({
    platforms: field('targets', readTargets),
    variant: field('variant', readVariant),
    strict: field('strict', () => good(true)),
  })
  const given = {
    dir: field('dir', good),
    filename: field('filename', readName),
    asset: field('asset', readAsset),
    platform: field('machine', readMachine),
    priority: field('priority', (text) => wholeNumber(text, 1, 10)),
    checksum: field('checksum', readChecksums),
    ...headers,
    speedLimit: field('speedLimit', readRate),
    connections: field('connections', (text) => wholeNumber(text, 1, 32)),
    mirrors: field('mirrors', readMirrors),
    ifExists: field('ifExists', readIfExists),
    paused: form.start === 'paused' ? true : undefined,
    startAt: form.start === 'at' ? field('startAt', (text) => readTime(text, now)) : undefined,
    retries: field('retries', (text) => wholeNumber(text, 0, 100)),
    model: Object.keys(model).length === 0 ? undefined : model,
    llama: Object.keys(llama).length === 0 ? undefined : llama,
  }
  if (form.start === 'at' && form.startAt === '') problems.startAt = { reason: 'time', detail: '' }
  return { request: present(given), problems, count }
}

export function linesIn(text: string): string[] {
  return text
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the keys whose value is undefined. */
export function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Present<T>
}

function good<T>(value: T): Read<T> {
  return { value }
}

function bad(reason: FieldProblem['reason'], detail = ''): { readonly problem: FieldProblem } {
  return { problem: { reason, detail } }
}

/** A reader of the command line's as one of a field. */
function tried<T>(read: () => T, reason?: FieldProblem['reason']): Read<T> {
  try {
    return good(read())
  } catch (error) {
    return reason === undefined ? bad('other', asSluiceError(error).message) : bad(reason)
  }
}

function readName(text: string): Read<string> {
  return /[/\\]/.test(text) || text === '.' || text === '..' ? bad('path') : good(text)
}

function wholeNumber(text: string, least: number, most: number): Read<number> {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : NaN
  return value >= least && value <= most ? good(value) : bad('range', `${least}–${most}`)
}

function readChecksums(text: string): Read<string[]> {
  const found = linesIn(text).map(recogniseChecksum)
  const all = found.flatMap((one) => (one === undefined ? [] : [`${one.algorithm}:${one.hex}`]))
  return all.length === found.length ? good(all) : bad('checksum')
}

function readRate(text: string): Read<number> {
  return tried(() => parseRate(text), 'rate')
}

function readMirrors(text: string): Read<string[]> {
  const found = linesIn(text).map(recogniseOne)
  const wrong = found.findIndex((one) => one.kind !== 'url')
  return wrong < 0
    ? good(found.flatMap((one) => (one.kind === 'url' ? [one.reference] : [])))
    : bad('line', `${wrong + 1}`)
}

function readRegistry(text: string): Read<string> {
  const read = tried(() => parseRegistry(text), 'registry')
  return 'problem' in read ? read : good(text)
}

function readPlatform(text: string): Read<string> {
  const read = tried(() => parsePlatform(text), 'platform')
  return 'problem' in read ? read : good(text)
}

function readTargets(text: string): Read<readonly string[]> {
  return text === 'none' ? bad('targets') : good(text.split(' '))
}

function readVariant(text: string): Read<string> {
  if (text === 'all') return good(text)
  const read = tried(() => wishesFor(text.toLowerCase(), null), 'variant')
  return 'problem' in read ? read : good(text)
}

function readAsset(text: string): Read<string> {
  const read = tried(() => readNamePattern(text), 'asset')
  return 'problem' in read ? read : good(text)
}

function readMachine(text: string): Read<string> {
  return tried(() => showTarget(parseTarget(text)), 'machine')
}

function readIfExists(text: string): Read<'rename' | 'overwrite' | 'skip' | 'fail'> {
  return good(text === 'overwrite' || text === 'skip' || text === 'fail' ? text : 'rename')
}

function readTime(text: string, now: number): Read<string> {
  const time = Date.parse(text)
  return time > now ? good(new Date(time).toISOString()) : bad('time')
}

/** Headers that are no secret have fields of their own. */
function readHeaders(text: string): Read<Pick<AddRequest, 'headers' | 'userAgent' | 'referer'>> {
  const headers: Record<string, string> = {}
  const named: { userAgent?: string; referer?: string } = {}
  for (const [index, line] of linesIn(text).entries()) {
    const [name, value] = splitHeader(line)
    if (name === '') return bad('line', `${index + 1}`)
    const checked = tried(() => checkHeader(line))
    if ('problem' in checked) return checked
    if (name.toLowerCase() === 'user-agent') named.userAgent = value
    else if (name.toLowerCase() === 'referer') named.referer = value
    else headers[name] = value
  }
  return good({ ...named, ...(Object.keys(headers).length === 0 ? {} : { headers }) })
}
