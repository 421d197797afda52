import { readBatch } from '../../src/core/batch-text.ts'
import type { BatchItem } from '../../src/core/batch-text.ts'
import type { SourceKind } from './kinds.ts'
import { recogniseOne } from './recognise-one.ts'
import type { Problem } from './recognise-one.ts'

/** What is wrong with a line, which counts from 1. */
export interface LineProblem {
  readonly line: number
  readonly problem: Problem
}

/** What the text of the add field is. */
export type Recognised =
  | { readonly kind: 'empty' }
  /** The beginning of an address: too early to say anything. */
  | { readonly kind: 'typing' }
  | { readonly kind: SourceKind; readonly reference: string }
  | { readonly kind: 'list'; readonly items: readonly BatchItem[]; readonly problems: readonly LineProblem[] }
  | { readonly kind: 'wrong'; readonly problem: Problem }

/**
 * Tells what a typed, pasted or dropped text asks for: one reference, a list (many lines, a pattern such as
 * `[001-100]`, mirrors after a tab), or what is wrong with it. Several addresses on one line count as a list.
 */
export function recognise(text: string): Recognised {
  if (latest?.text !== text) latest = { text, found: recogniseAnew(text) }
  return latest.found
}

/** The field, the drop and the button ask for the same text, and a list may be long. */
let latest: { readonly text: string; readonly found: Recognised } | undefined

function recogniseAnew(text: string): Recognised {
  const lines = linesOf(text)
  const filled = lines.split(/\r?\n|\r/).filter((line) => line.trim() !== '')
  const [first = ''] = filled
  if (filled.length === 0) return { kind: 'empty' }
  const single = filled.length === 1 ? first.trim() : undefined
  if (single !== undefined && 'https://'.startsWith(single.replace(/^http:\/{0,2}$/i, 'http').toLowerCase()))
    return { kind: 'typing' }
  if (single !== undefined && !single.startsWith('#') && !single.includes('\t') && !isPattern(single)) {
    return recogniseOne(single)
  }
  return { kind: 'list', ...readLines(lines) }
}

/** The text with each of several addresses that stand on one line on a line of its own. */
export function linesOf(text: string): string {
  const words = text.trim().split(/ +/)
  return words.length > 1 && !/[\r\n\t]/.test(text.trim()) && words.every((word) => /^https?:\/\/\S/i.test(word))
    ? words.join('\n')
    : text
}

function isPattern(line: string): boolean {
  const { items, errors } = readBatch(line)
  return items.length > 1 || errors.length > 0
}

function readLines(text: string): Pick<Extract<Recognised, { kind: 'list' }>, 'items' | 'problems'> {
  const { items, errors } = readBatch(text)
  const problems: LineProblem[] = errors.map(({ line, message }) => ({
    line,
    problem: { reason: 'other', detail: message },
  }))
  const good: BatchItem[] = []
  // What a pattern stands for is alike, so its first address speaks for the line.
  let last: { readonly line: number; readonly isGood: boolean; readonly prefix: string } | undefined
  for (const item of items) {
    if (last?.line !== item.line) {
      const found = lineProblem(item.reference)
      if (typeof found === 'object') problems.push({ line: item.line, problem: found })
      last = { line: item.line, isGood: typeof found === 'string', prefix: typeof found === 'string' ? found : '' }
    }
    if (last.isGood) good.push(last.prefix === '' ? item : { ...item, reference: last.prefix + item.reference })
  }
  return { items: good, problems: problems.sort((a, b) => a.line - b.line) }
}

/** What is wrong with a reference, or the scheme to put in front of it. */
function lineProblem(reference: string): LineProblem['problem'] | string {
  const one = recogniseOne(reference)
  if (one.kind === 'wrong') return one.problem
  return one.reference.slice(0, one.reference.length - reference.length)
}
