import { createHash } from 'node:crypto'
import { checkHeader } from '../config/header.ts'
import type { Settings } from '../config/settings.ts'
import { parseChecksum } from '../core/digest.ts'
import { SluiceError } from '../core/errors.ts'
import { safeFileName } from '../core/file-name.ts'
import { decodePercent, parseHttpUrl, redactUrl } from '../core/url.ts'
import type { StoredOptions } from '../store/types.ts'
import type { AddRequest } from './types.ts'

/** What is kept sealed: full addresses and headers, where there is more to them than what is shown. */
export interface Hidden {
  readonly reference?: string
  readonly mirrors?: readonly string[]
  readonly referer?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that can be carried out. What is shown holds no credentials. */
export interface CheckedRequest {
  readonly reference: string
  readonly url: string
  readonly host: string
  readonly chosenName: string | null
  /** The chosen one, or what the address promises. */
  readonly filename: string
  /** As asked for; '' is the daemon's own folder. */
  readonly dir: string
  readonly priority: number
  readonly options: StoredOptions
  readonly hidden: Hidden | null
  readonly paused: boolean
  readonly startAt: string | null
  readonly ifDuplicate: 'add' | 'skip' | 'fail'
  readonly fingerprint: string
}

type Preset = Settings['presets'][number]

/** Checks what a user asks for, with its preset and the settings; a `usage` or `bad-url` error tells what is wrong. */
export function checkRequest(request: AddRequest, settings: Settings): CheckedRequest {
  const preset = presetOf(request, settings)
  const { url } = parseHttpUrl(request.reference)
  const mirrors = request.mirrors ?? []
  if (mirrors.length > 50) throw usage('mirrors: at most 50 are possible.')
  for (const mirror of mirrors) parseHttpUrl(mirror)
  const chosenName = request.filename === undefined || request.filename === '' ? null : checkName(request.filename)
  return {
    reference: redactUrl(request.reference),
    url: redactUrl(url),
    host: url.host,
    chosenName,
    filename: chosenName ?? promisedName(url),
    dir: request.dir ?? preset.dir ?? settings.downloadFolder,
    priority: checkPriority(request.priority ?? preset.priority ?? 5),
    options: checkOptions(request, preset, mirrors),
    hidden: hiddenOf(request, request.referer ?? preset.referer, mirrors),
    paused: request.paused ?? false,
    startAt: request.startAt === undefined ? null : checkTime(request.startAt),
    ifDuplicate: oneOf('ifDuplicate', request.ifDuplicate, ['add', 'skip', 'fail']) ?? settings.ifDuplicate,
    fingerprint: fingerprintOf(request.reference),
  }
}

/** The same for the same address, credentials included; nothing can be read from it. */
export function fingerprintOf(reference: string): string {
  const { url, username = '', password = '' } = parseHttpUrl(reference)
  return createHash('sha256').update(`${username}\n${password}\n${url.href}`).digest('base64url').slice(0, 22)
}

export function checkPriority(priority: number): number {
  return inRange('priority', priority, 1, 10)
}

export function checkSpeedLimit(bytesPerSecond: number): number {
  return inRange('speedLimit', bytesPerSecond, 0, 1e12)
}

function checkOptions(request: AddRequest, preset: NoPreset, mirrors: readonly string[]): StoredOptions {
  const { checksum } = request
  const checksums = (checksum === undefined ? [] : [checksum].flat()).map(parseChecksum)
  const connections = request.connections ?? preset.connections
  const retries = request.retries ?? preset.retries
  const speedLimit = request.speedLimit ?? preset.speedLimit
  const ifExists = request.ifExists ?? preset.ifExists
  const userAgent = request.userAgent ?? preset.userAgent
  const referer = request.referer ?? preset.referer
  return {
    ...(checksums.length === 0 ? {} : { checksums: checksums.map(({ algorithm, hex }) => `${algorithm}:${hex}`) }),
    ...(mirrors.length === 0 ? {} : { mirrors: mirrors.map(redactUrl) }),
    ...(connections === undefined ? {} : { connections: inRange('connections', connections, 1, 32) }),
    ...(retries === undefined ? {} : { retries: inRange('retries', retries, 0, 100) }),
    ...(speedLimit === undefined || checkSpeedLimit(speedLimit) === 0 ? {} : { speedLimit }),
    ...(ifExists === undefined
      ? {}
      : { ifExists: oneOf('ifExists', ifExists, ['rename', 'overwrite', 'skip', 'fail']) ?? ifExists }),
    ...(userAgent === undefined ? {} : { userAgent: checkField('User-Agent', userAgent) }),
    ...(referer === undefined ? {} : { referer: redactUrl(checkField('Referer', referer)) }),
  }
}

function hiddenOf(request: AddRequest, referer: string | undefined, mirrors: readonly string[]): Hidden | null {
  const { reference, headers = {} } = request
  if (Object.keys(headers).length > 100) throw usage('headers: at most 100 are possible.')
  const checked = Object.entries(headers).map(([name, value]) => [name, checkField(name, value)] as const)
  const hidden: Hidden = {
    ...(shownWhole(reference) ? {} : { reference }),
    ...(mirrors.every(shownWhole) ? {} : { mirrors }),
    ...(referer === undefined || redactUrl(referer) === referer ? {} : { referer }),
    ...(checked.length === 0 ? {} : { headers: Object.fromEntries(checked) }),
  }
  return Object.keys(hidden).length === 0 ? null : hidden
}

/** Nothing but the spelling is lost when the address is shown. */
function shownWhole(address: string): boolean {
  const { url, username, password } = parseHttpUrl(address)
  return username === undefined && password === undefined && redactUrl(url) === url.href
}

function checkField(name: string, value: string): string {
  if (value.length > 8192) throw usage(`The header ${name} is longer than 8192 characters.`)
  const checked = checkHeader(`${name}: ${value}`)
  return checked.slice(checked.indexOf(': ') + 2)
}

function checkName(name: string): string {
  if (name.length > 255) throw usage('filename: at most 255 characters are possible.')
  if (/[/\\]/.test(name) || name === '.' || name === '..')
    throw usage('filename: it must be a name, not a path.', 'Give the folder as dir.')
  return safeFileName(name)
}

/** Also right for most downloads whose server names the file otherwise: the list shows something to tell them by. */
function promisedName(url: URL): string {
  const last = decodePercent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1))
  return last === '' ? '' : safeFileName(last)
}

function checkTime(text: string): string {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(time)) throw usage('startAt: it must be a time such as 2030-01-31T22:00:00Z.')
  return new Date(time).toISOString()
}

type NoPreset = Partial<Preset>

function presetOf({ preset }: AddRequest, settings: Settings): NoPreset {
  if (preset === undefined || preset === '') return {}
  const found = settings.presets.find((one) => one.name === preset)
  if (found) return found
  throw usage('preset: there is none of this name.', 'GET /api/settings shows all presets.')
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw usage(`${name}: it must be a whole number from ${least} to ${most}.`)
}

function oneOf<T extends string>(name: string, value: T | undefined, known: readonly T[]): T | undefined {
  if (value === undefined || known.includes(value)) return value
  throw usage(`${name}: it must be one of ${known.join(', ')}.`)
}

function usage(message: string, hint = 'See /api/docs for what is possible.'): SluiceError {
  return new SluiceError('usage', message, { hint })
}
