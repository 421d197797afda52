import { daemonHint } from '../core/daemon-hints.ts'
import type { SluiceError } from '../core/errors.ts'
import type { Problem, StoredDownload, TimelineEntry } from '../store/types.ts'
import type { Fetched } from './fetching.ts'

/** Numbers of a running transfer; zero for all others. */
export interface Live {
  readonly speed: number
  readonly eta: number | null
  readonly connections: number
}

/** A transfer at the engine. It keeps its place until the engine has let go of it, also when it was stopped. */
export interface Run {
  readonly controller: AbortController
  /** By the clock that never jumps. */
  readonly since: number
  /** Bytes that were there when it began, null until the engine says so. */
  bytesBefore: number | null
  /** Never rejects; all that follows from the end is done. */
  settled: Promise<void>
  finished: Fetched | null
}

/** A listed download: its row and what only this process knows of it. */
export interface Entry {
  readonly id: string
  row: StoredDownload
  live: Live
  run: Run | null
  /** What it left is being removed; it must not start meanwhile. */
  cleaning: Promise<void> | null
  /** Its file is being moved; never rejects. */
  moving: Promise<void> | null
  /** The user asked for it to run, also where queued downloads do not start by themselves. */
  wanted: boolean
  /** Free bytes that it waits for after the disk was full. */
  needsSpace: number
  /** The next run takes a changed remote file from its beginning. */
  startOver: boolean
  missing: boolean
  /** Listeners have not heard yet how its files are. */
  filesChanged: boolean
  /** Hash of the full address, and checksums: what makes another download the same. */
  readonly fingerprint: string
}

export const idle: Live = { speed: 0, eta: null, connections: 0 }

export function createEntry(row: StoredDownload, fingerprint: string): Entry {
  return {
    id: row.id,
    row,
    live: idle,
    run: null,
    cleaning: null,
    moving: null,
    wanted: false,
    needsSpace: 0,
    startOver: false,
    missing: false,
    filesChanged: false,
    fingerprint,
  }
}

const longestTimeline = 100

/** A timeline with one more step; of a long one the oldest steps go. */
export function withStep(timeline: readonly TimelineEntry[], at: string, event: string, detail = ''): TimelineEntry[] {
  const step = detail === '' ? { at, event } : { at, event, detail }
  return [...timeline.slice(1 - longestTimeline), step]
}

export function problemOf(error: SluiceError): Problem {
  const { code, message, retryable } = error
  return { code, message, hint: daemonHint(error), retryable }
}
