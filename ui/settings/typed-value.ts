import { parseRate } from '../../src/core/units.ts'
import type { FieldKind } from './form-model.ts'

type TypedKind = Extract<FieldKind, 'text' | 'number' | 'rate' | 'size'>

export interface Limits {
  readonly kind: TypedKind
  readonly min?: number
  readonly max?: number
  readonly maxLength?: number
}

/** What is wrong with what was typed; the words belong to the catalogue. */
export type TypedProblem =
  | { readonly what: 'rate' | 'size' | 'number' }
  | { readonly what: 'least' | 'most' | 'long'; readonly limit: number }

export type Typed =
  | { readonly ok: true; readonly value: string | number }
  | { readonly ok: false; readonly problem: TypedProblem }

/** The value that somebody typed. Digits may be Persian or Arabic; rates and sizes may be `600K`; empty is 0 there. */
export function typedValue(limits: Limits, typed: string): Typed {
  const { kind, min = 0, max = Number.MAX_SAFE_INTEGER, maxLength = Infinity } = limits
  if (kind === 'text') {
    return typed.length <= maxLength ? { ok: true, value: typed } : refused({ what: 'long', limit: maxLength })
  }
  const value = kind === 'number' ? wholeNumber(typed) : bytesOf(typed)
  if (value === undefined) return refused({ what: kind })
  if (value < min) return refused({ what: 'least', limit: min })
  return value > max ? refused({ what: 'most', limit: max }) : { ok: true, value }
}

/** Bytes as they are typed: `600K`, `1.5M`, and nothing for 0. What is read back is the same number. */
export function typedBytes(bytes: number): string {
  if (bytes === 0) return ''
  for (const [unit, factor] of [
    ['G', 1024 ** 3],
    ['M', 1024 ** 2],
    ['K', 1024],
  ] as const) {
    const hundredths = (bytes / factor) * 100
    if (bytes >= factor && Number.isInteger(hundredths)) return `${hundredths / 100}${unit}`
  }
  return String(bytes)
}

function bytesOf(typed: string): number | undefined {
  const text = latinDigits(typed).trim()
  if (text === '') return 0
  try {
    return parseRate(text)
  } catch {
    return undefined
  }
}

function wholeNumber(typed: string): number | undefined {
  const text = latinDigits(typed).trim()
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Persian and Arabic digits and the decimal sign as ASCII. */
function latinDigits(text: string): string {
  return text
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/\u066b/g, '.')
}

function refused(problem: TypedProblem): Typed {
  return { ok: false, problem }
}
