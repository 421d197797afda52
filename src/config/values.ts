import { parseChecksum, parseSha256 } from '../core/digest.ts'
import { SluiceError } from '../core/errors.ts'
import { parseRate } from '../core/units.ts'
import { checkHeader } from './header.ts'
import type { OptionSpec } from './option-spec.ts'

export type OptionValue = string | number | boolean

/** Largest and smallest values are checked in the unit that the user typed; results are in ms and bytes per second. */
const readers: Record<OptionSpec['kind'], (spec: OptionSpec, text: string) => OptionValue> = {
  flag: (_spec, text) => readFlag(text),
  text: (_spec, text) => readText(text),
  path: (_spec, text) => readText(text),
  integer: (spec, text) => inRange(spec, /^\d{1,15}$/.test(text) ? Number(text) : NaN, 'a whole number'),
  seconds: (spec, text) =>
    Math.round(inRange(spec, /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : NaN, 'seconds') * 1000),
  rate: (_spec, text) => parseRate(text),
  size: (_spec, text) => readSize(text),
  choice: (spec, text) => readChoice(spec, text),
  header: (_spec, text) => checkHeader(text),
  checksum: (_spec, text) => canonical(parseChecksum(text)),
  sha256: (_spec, text) => canonical(parseSha256(text)),
  proxy: (_spec, text) => readProxy(text),
}

/**
 * Reads one value of an option. `where` names the place in the words of the user (`--jobs`, `SLUICE_JOBS`,
 * `jobs in config.toml`) and begins the sentence of the `usage` error. Undefined means "as if it were not given".
 */
export function readValue(spec: OptionSpec, text: string, where: string): OptionValue | undefined {
  if (text === spec.unset) return undefined
  try {
    return readers[spec.kind](spec, text)
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    throw new SluiceError('usage', `${where}: ${error.message}`, { hint: error.hint })
  }
}

function readFlag(text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true
  if (/^(false|0|no|off|)$/i.test(text)) return false
  throw wrong(text, 'It is on or off: write true or false.')
}

function readText(text: string): string {
  if (text === '') throw new SluiceError('usage', 'The value is empty.')
  if (/[\0\r\n]/.test(text)) throw wrong(text, 'Line breaks and NUL cannot stand in it.')
  return text
}

function readChoice(spec: OptionSpec, text: string): string {
  const choices = spec.choices ?? []
  if (choices.includes(text)) return text
  throw wrong(text, `Choose one of ${choices.join(', ')}.`)
}

function inRange(spec: OptionSpec, value: number, what: string): number {
  const [least, most] = spec.range ?? [0, Number.MAX_SAFE_INTEGER]
  if (value >= least && value <= most) return value
  const orUnset = spec.unset === undefined ? '' : `, or ${spec.unset}`
  throw new SluiceError('usage', `The value must be ${what} from ${least} to ${most}${orUnset}.`)
}

function readSize(text: string): number {
  if (/^[\d.]+ ?[kmgt]?i?b?$/i.test(text)) return parseRate(text)
  throw wrong(text, 'Write bytes as 8192, 600K, 1.5M or 2G (1024-based).')
}

function readProxy(text: string): string {
  const url = URL.parse(readText(text).includes('://') ? text : `http://${text}`)
  const known = ['http:', 'https:', 'socks5:', 'socks5h:', 'socks:']
  if (url !== null && url.hostname !== '' && known.includes(url.protocol)) return text
  throw new SluiceError('usage', 'That is not the address of a proxy.', {
    hint: 'Write http://host:port, https://host:port or socks5://host:port, with user:password@ before the host if it needs them.',
  })
}

function canonical(digest: { readonly algorithm: string; readonly hex: string }): string {
  return `${digest.algorithm}:${digest.hex}`
}

function wrong(text: string, hint: string): SluiceError {
  return new SluiceError('usage', `"${text.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')}" is not a value for it.`, {
    hint,
  })
}
