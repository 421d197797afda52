import type { Clock } from '../../src/manager/clock.ts'
import type { RecordStore } from '../../src/manager/records.ts'
import type { Download, ManagerLog } from '../../src/manager/types.ts'
import type { StoredRecord } from '../../src/store/types.ts'

/** Keeps records as a store does, and tells what it was given as text. */
export function memoryRecords(): RecordStore & { readonly kept: Map<string, StoredRecord>; text(): string } {
  const kept = new Map<string, StoredRecord>()
  return {
    kept,
    text: () =>
      [...kept.values()]
        .map(({ data, secret }) => JSON.stringify(data) + Buffer.from(secret ?? []).toString('latin1'))
        .join('\n'),
    records: async (kind) => [...kept].filter(([key]) => key.startsWith(`${kind}:`)).map(([, record]) => record),
    putRecord: async (kind, record) => void kept.set(`${kind}:${record.id}`, structuredClone(record)),
    removeRecord: async (kind, id) => kept.delete(`${kind}:${id}`),
  }
}

/** A log that can be read. */
export function listLog(): ManagerLog & { readonly lines: string[] } {
  const lines: string[] = []
  const level = (name: string) => (fields: object, message: string) =>
    void lines.push(`${name} ${message} ${JSON.stringify(fields)}`)
  return {
    lines,
    error: level('error'),
    warn: level('warn'),
    info: level('info'),
    debug: level('debug'),
    setLevel: () => undefined,
  }
}

export interface ManualClock extends Clock {
  /** Delays that were asked for so far. */
  readonly delays: readonly number[]
  /** What the clock of the machine tells becomes so much less; timers and durations do not notice. */
  putBack(milliseconds: number): void
  /** Lets time pass, with every task on its way at its own moment and what follows from it. */
  advance(milliseconds: number): Promise<void>
}

export function manualClock(start: number): ManualClock {
  let now = start
  let behind = 0
  const delays: number[] = []
  const tasks = new Set<{ readonly at: number; readonly task: () => void }>()
  return {
    delays,
    putBack: (milliseconds) => void (behind += milliseconds),
    now: () => now - behind,
    elapsed: () => now - start,
    after: (milliseconds, task) => {
      const entry = { at: now + milliseconds, task }
      delays.push(milliseconds)
      tasks.add(entry)
      return () => void tasks.delete(entry)
    },
    advance: async (milliseconds) => {
      await settled()
      const end = now + milliseconds
      for (;;) {
        const [next] = [...tasks].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        tasks.delete(next)
        now = Math.max(now, next.at)
        next.task()
        await settled()
      }
      now = end
      await settled()
    },
  }
}

/** Promises that only wait for each other are through after this. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => void setImmediate(resolve))
}

export const someDownload: Download = {
  id: 'dl-0123456789abcdef',
  reference: 'https://h/a.zip',
  url: 'https://h/a.zip',
  filename: 'a.zip',
  path: '/d/a.zip',
  kind: 'http',
  host: 'h',
  type: 'zip',
  status: 'completed',
  priority: 5,
  position: 1,
  bytesDone: 12,
  bytesTotal: 12,
  speed: 0,
  eta: null,
  connections: 0,
  retries: 0,
  maxRetries: 5,
  speedLimit: null,
  verdict: 'verified',
  digests: { sha256: 'ab'.repeat(32) },
  error: null,
  addedAt: '2026-01-02T03:04:05.000Z',
  startedAt: null,
  completedAt: null,
  startAt: null,
  retryAt: null,
  activeSeconds: 1,
  missing: false,
  waitingFor: null,
  target: null,
  files: [],
}
