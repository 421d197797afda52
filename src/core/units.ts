import { SluiceError } from './errors.ts'

const rateFactors: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }
const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const

/**
 * Reads a rate as curl does: a number, possibly with decimals, and k, m, g or t (1024-based, any case, `B` or `iB` may
 * follow). Returns whole bytes per second; 0 means no cap. Anything else is a `usage` error.
 */
export function parseRate(text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)\s?([kmgt]?)(?:i?b)?(?:\/s)?$/i.exec(text.trim())
  const bytes = match === null ? NaN : Number(match[1]) * (rateFactors[(match[2] ?? '').toLowerCase()] ?? NaN)
  const rate = bytes > 0 ? Math.max(1, Math.round(bytes)) : bytes
  if (Number.isSafeInteger(rate)) return rate
  throw new SluiceError('usage', `"${printable(text)}" is not a rate.`, {
    hint: 'Write bytes per second as 8192, 600K, 1.5M or 2G (1024-based).',
  })
}

/** Bytes in IEC units with two decimals: `12 B`, `1.00 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (unit < byteUnits.length - 1 && Math.abs(unit === 0 ? value : round2(value)) >= 1024) {
    value /= 1024
    unit++
  }
  return unit === 0 ? `${Math.round(value)} B` : `${round2(value).toFixed(2)} ${byteUnits[unit]}`
}

/** Bytes per second as `1.00 MiB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`
}

/** Seconds in the two largest units that matter: `42 s`, `3 min 5 s`, `2 h 4 min`, `3 d 1 h`. */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return `${s} s`
  if (s < 3600) return pair(Math.floor(s / 60), 'min', s % 60, 's')
  const minutes = Math.round(s / 60)
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(s / 3600)
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}

function printable(text: string): string {
  return text.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')
}
