import type { BatchItem } from '../../src/core/batch-text.ts'
import { isLlamaReference } from '../../src/core/llama-reference.ts'
import { looksLikeModel } from '../../src/core/model-name.ts'
import { looksLikeRelease } from '../../src/core/release-reference.ts'
import type { AddRequest, BatchResult } from '../../src/server/api-types.ts'
import { fileRequest, llamaRequest, modelRequest, releaseRequest } from './requests.ts'
import { linesOf } from './recognise.ts'
import type { LineProblem } from './recognise.ts'

/** What the options say for all; what a line says itself counts more. */
export function requestsOf(items: readonly BatchItem[], options: Omit<AddRequest, 'reference'>): AddRequest[] {
  const of = {
    file: fileRequest(options),
    model: modelRequest(options),
    llama: llamaRequest(options),
    release: releaseRequest(options),
  }
  return items.map(({ line: _line, ...item }) => ({ ...of[sortOf(item)], ...item }))
}

/** What a line asks for. What was recognised as an address has its scheme by then. */
export function sortOf({ reference }: Pick<BatchItem, 'reference'>): 'file' | 'model' | 'llama' | 'release' {
  if (isLlamaReference(reference)) return 'llama'
  if (!looksLikeModel(reference) && looksLikeRelease(reference)) return 'release'
  return /^https?:/i.test(reference) ? 'file' : 'model'
}

/** What is left to do: the text of the lines that failed, and what is wrong with each line of it. */
export interface Rest {
  readonly text: string
  readonly problems: readonly LineProblem[]
}

/**
 * What stays in the field after a batch: all lines, with their option lines, for which not everything was taken. Of a
 * pattern that failed in part only the failed addresses stay.
 */
export function restOf(
  text: string,
  items: readonly BatchItem[],
  known: readonly LineProblem[],
  failures: BatchResult['errors'],
): Rest {
  const messages = new Map(failures.map(({ line, message }) => [line - 1, message]))
  const byLine = Map.groupBy(
    items.map((item, index) => ({ item, message: messages.get(index) })),
    ({ item }) => item.line,
  )
  const lines: string[] = []
  const problems: LineProblem[] = []
  for (const block of blocksOf(linesOf(text))) {
    const asked = byLine.get(block[0]?.line ?? 0) ?? []
    const refused = asked.filter(({ message }) => message !== undefined)
    if (refused.length < asked.length) {
      for (const { item, message } of refused) {
        problems.push(refusal(lines.length + 1, message))
        lines.push(...linesOfItem(item))
      }
    } else {
      if (refused[0]) problems.push(refusal(lines.length + 1, refused[0].message))
      for (const { line, content } of block) {
        lines.push(content)
        problems.push(...known.filter((one) => one.line === line).map((one) => ({ ...one, line: lines.length })))
      }
    }
  }
  return { text: lines.join('\n'), problems }
}

function refusal(line: number, detail = ''): LineProblem {
  return { line, problem: { reason: 'other', detail } }
}

/** A reference and its option lines; lines count from 1. */
type Block = Array<{ readonly line: number; readonly content: string }>

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = []
  for (const [index, content] of text.split(/\r?\n|\r/).entries()) {
    if (content.trim() === '' || content.startsWith('#')) continue
    const last = /^\s/.test(content) ? blocks.at(-1) : undefined
    if (last === undefined) blocks.push([{ line: index + 1, content }])
    else last.push({ line: index + 1, content })
  }
  return blocks
}

function linesOfItem({ reference, mirrors = [], dir }: BatchItem): string[] {
  return [[reference, ...mirrors].join('\t'), ...(dir === undefined ? [] : [`  dir=${dir}`])]
}
