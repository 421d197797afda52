import { createHash } from 'node:crypto'
import { checkHeader } from '../config/header.ts'
import type { Settings } from '../config/settings.ts'
import { safeFileName } from '../core/file-name.ts'
import { decodePercent, parseHttpUrl, redactUrl } from '../core/url.ts'
import type { StoredOptions } from '../store/types.ts'
import { checkChecksums, checkName, usage } from './check-fields.ts'
import type { CheckedReference, Hidden } from './checked-reference.ts'
import type { AddRequest } from './types.ts'

type Preset = Partial<Settings['presets'][number]>

/** An address, with all that the engine may be told about it. */
export function checkFile(request: AddRequest, preset: Preset): CheckedReference {
  const { url } = parseHttpUrl(request.reference)
  const mirrors = request.mirrors ?? []
  if (mirrors.length > 50) throw usage('mirrors: at most 50 are possible.')
  for (const mirror of mirrors) parseHttpUrl(mirror)
  const chosenName = checkName(request.filename)
  return {
    kind: 'http',
    reference: redactUrl(request.reference),
    url: redactUrl(url),
    host: url.host,
    chosenName,
    filename: chosenName ?? promisedName(url),
    options: fileOptions(request, preset, mirrors),
    hidden: hiddenOf(request, request.referer ?? preset.referer, mirrors),
    fingerprint: fingerprintOf(request.reference),
  }
}

/** The same for the same address, credentials included; nothing can be read from it. */
export function fingerprintOf(reference: string): string {
  const { url, username = '', password = '' } = parseHttpUrl(reference)
  return createHash('sha256').update(`${username}\n${password}\n${url.href}`).digest('base64url').slice(0, 22)
}

function fileOptions(request: AddRequest, preset: Preset, mirrors: readonly string[]): StoredOptions {
  const userAgent = request.userAgent ?? preset.userAgent
  const referer = request.referer ?? preset.referer
  return {
    ...checkChecksums(request.checksum),
    ...(mirrors.length === 0 ? {} : { mirrors: mirrors.map(redactUrl) }),
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

/** Also right for most downloads whose server names the file otherwise: the list shows something to tell them by. */
function promisedName(url: URL): string {
  const last = decodePercent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1))
  return last === '' ? '' : safeFileName(last)
}
