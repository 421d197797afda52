import type { SluiceError } from '../../core/errors.ts'
import { formatBytes, formatDuration, formatRate } from '../../core/units.ts'
import type { Finished, Preview, TransferEvent } from '../../transfer/types.ts'
import type { RunState } from '../run-state.ts'
import { clean } from './clean.ts'

/** What a run tells at its end. `seconds` of wall clock; `bytes` of the completed files. */
export interface Summary {
  readonly files: number
  readonly completed: number
  readonly failed: number
  readonly bytes: number
  readonly seconds: number
  readonly exitCode: number
}

type Start = Extract<TransferEvent, { type: 'start' }>

/** The last part of a path, for messages. */
function nameOf(path: string): string {
  return clean(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)) || clean(path)
}

/** How a file is called in messages: by its title, else the last part of its path. */
export function labelOf(title: string | undefined, path: string): string {
  return title === undefined ? nameOf(path) : clean(title)
}

export function startLine(event: Start): string {
  const size = event.bytesTotal === null ? 'size unknown' : formatBytes(event.bytesTotal)
  return `${labelOf(event.title, event.path)}: ${size}${hereWords(event)}`
}

function hereWords({ bytesTotal, resumedFrom }: Start): string {
  if (resumedFrom === 0) return ''
  return resumedFrom === bytesTotal ? ', all of it is here' : `, going on from ${formatBytes(resumedFrom)}`
}

export function doneLine(file: Finished): string {
  const name = labelOf(file.title, file.path)
  if (file.alreadyThere) return `${name}: already there (${formatBytes(file.bytes)}), nothing fetched`
  const speed = file.seconds > 0 ? ` (${formatRate(file.bytes / file.seconds)})` : ''
  return `${name}: ${formatBytes(file.bytes)} in ${shortTime(file.seconds)}${speed}, ${verdictWords(file)}`
}

function verdictWords(file: Finished): string {
  const algorithms = Object.keys(file.digests).join(', ')
  switch (file.verdict) {
    case 'verified':
      return algorithms === '' ? 'verified' : `verified (${algorithms})`
    case 'length-only':
      return 'length only: no digest was known'
    case 'unverified':
      return 'unverified: neither length nor digest was known'
  }
}

/** The sentence, the hint below it, and with `verbose` what lies behind. `where` is the cleaned reference. */
export function errorLines(where: string, error: SluiceError, verbose: boolean): string[] {
  const lines = [`${where === '' ? 'sluice' : where}: ${clean(error.message)}`]
  if (error.hint !== '') lines.push(`  ${clean(error.hint)}`)
  return verbose ? [...lines, ...causes(error).map((cause) => `  because: ${cause}`)] : lines
}

function causes(error: SluiceError): string[] {
  const found: string[] = []
  // A chain that bites its own tail ends here too.
  for (let cause = error.cause; cause instanceof Error && found.length < 5; cause = cause.cause) {
    found.push(clean(cause.message || cause.name))
  }
  return found
}

export function summaryLine(summary: Summary): string {
  const failed = summary.failed === 0 ? '' : `, ${summary.failed} failed`
  const done = `${summary.completed} completed (${formatBytes(summary.bytes)})`
  return `${summary.files} ${summary.files === 1 ? 'file' : 'files'}: ${done}${failed}, in ${shortTime(summary.seconds)}`
}

/** Tells after an interrupt what is kept and how to go on. */
export function interruptedLine(state: RunState): string {
  const parts = [...state.parts, ...state.running.values()].filter((file) => file.bytesDone > 0)
  const [only] = parts
  const again = 'Run the same line again to go on.'
  if (only === undefined) return `Interrupted: no part of a file was left. ${again}`
  if (parts.length === 1) {
    const total = only.bytesTotal === null ? '' : ` of ${formatBytes(only.bytesTotal)}`
    return `Interrupted: ${formatBytes(only.bytesDone)}${total} kept. ${again}`
  }
  const bytes = parts.reduce((sum, file) => sum + file.bytesDone, 0)
  return `Interrupted: ${parts.length} parts with ${formatBytes(bytes)} kept. ${again}`
}

/** What a dry run tells about one file. */
export function previewLines(preview: Preview): string[] {
  const exact = preview.size === null || preview.size < 1024 ? '' : ` (${preview.size} bytes)`
  const rows = [
    ['size', preview.size === null ? 'unknown' : formatBytes(preview.size) + exact],
    ['type', preview.type === null ? 'unknown' : clean(preview.type)],
    ['resumable', preview.resumable ? 'yes' : 'no'],
    ['digest known', preview.digestKnown ? 'yes' : 'no'],
  ] as const
  return [clean(preview.filename), ...rows.map(([label, value]) => `  ${`${label}:`.padEnd(14)}${value}`)]
}

/** Seconds with one decimal while they are few, below that milliseconds. */
function shortTime(seconds: number): string {
  if (seconds < 0.1) return `${Math.max(0, Math.round(seconds * 1000))} ms`
  return seconds < 10 ? `${seconds.toFixed(1)} s` : formatDuration(seconds)
}
