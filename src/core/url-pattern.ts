import { SluiceError } from './errors.ts'

/** Most addresses that one pattern may stand for, and most characters that they may have together. */
export const maxExpansion = 10_000
const maxCharacters = 16 * 1024 * 1024

/** The addresses that a text stands for; they are made one by one, so knowing their count costs nothing. */
export interface UrlPattern {
  readonly count: number
  /** `index` from 0. */
  at(index: number): string
}

type Part = UrlPattern

/** Numbers or letters from-to, a step, or words in braces. */
const pattern =
  /\[(\d{1,15})-(\d{1,15})(?::(\d{1,15}))?\]|\[(?:([a-z])-([a-z])|([A-Z])-([A-Z]))(?::(\d{1,15}))?\]|\{([^{}[\]"]*)\}/g

/**
 * Reads patterns as curl has them: `[001-100]` (as many digits as the first has), `[1-10:2]`, `[a-z]`, `{one,two}`; several
 * multiply, the last turns fastest. All else is literal, IPv6 addresses too, and a text without a pattern stands for
 * itself. Ranges that run backwards and more than `maxExpansion` results are `usage` errors; brackets meant as they are
 * can be written as %5B and %5D.
 */
export function readUrlPattern(text: string): UrlPattern {
  const parts = partsOf(text)
  const count = parts.reduce((product, part) => product * part.count, 1)
  if (count > maxExpansion) {
    const shown = count > 1e9 ? 'more than 1000000000' : count
    throw new SluiceError('usage', `The pattern stands for ${shown} addresses.`, {
      hint: `At most ${maxExpansion} are possible on one line; split it.`,
    })
  }
  if (count > 1 && count * text.length > maxCharacters)
    throw new SluiceError('usage', 'The addresses that the pattern stands for are too long together.', {
      hint: 'Split the line.',
    })
  return { count, at: (index) => nth(parts, index) }
}

function nth(parts: readonly Part[], index: number): string {
  let rest = index
  let text = ''
  for (const part of parts.toReversed()) {
    text = part.at(rest % part.count) + text
    rest = Math.floor(rest / part.count)
  }
  return text
}

function partsOf(text: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    parts.push(literal(text.slice(end, match.index)), partOf(match))
    end = match.index + match[0].length
  }
  return [...parts, literal(text.slice(end))]
}

function literal(text: string): Part {
  return { count: 1, at: () => text }
}

function partOf(match: RegExpExecArray): Part {
  const [shown, from, to, step, small, smallEnd, large, largeEnd, letterStep, list] = match
  if (list !== undefined) {
    const words = list.split(',')
    return words.length === 1 ? literal(shown) : { count: words.length, at: (index) => words[index] ?? '' }
  }
  if (from !== undefined) {
    const digits = (value: number): string => String(value).padStart(from.length, '0')
    return range(shown, Number(from), Number(to), Number(step ?? 1), digits)
  }
  const code = (letter = ''): number => letter.charCodeAt(0)
  const [first, last] = [code(small ?? large), code(smallEnd ?? largeEnd)]
  return range(shown, first, last, Number(letterStep ?? 1), (value) => String.fromCharCode(value))
}

function range(shown: string, from: number, to: number, step: number, text: (value: number) => string): Part {
  if (to < from)
    throw new SluiceError('usage', `The range ${shown} runs backwards.`, { hint: 'Write the lower end first.' })
  if (step < 1) throw new SluiceError('usage', `The range ${shown} has no step.`, { hint: 'The least step is 1.' })
  return { count: Math.floor((to - from) / step) + 1, at: (index) => text(from + index * step) }
}
