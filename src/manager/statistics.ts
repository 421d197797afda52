import { rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Figures } from '../store/types.ts'
import { makeFolder } from '../transfer/make-folder.ts'
import { localDate } from './clock.ts'
import type { Desk } from './desk.ts'
import type { Entry } from './entry.ts'
import type { Statistics } from './types.ts'
import { historyOf } from './view.ts'

/** Figures over everything, answered from memory so that a slow database holds nobody up. */
export interface StatisticsKeeper {
  now(): Statistics
  /** A download was completed. */
  completed(entry: Entry): void
  /** Failed and cancelled ones change the counts in the file. */
  ended(): void
  readonly session: { readonly files: number; readonly bytes: number }
  close(): Promise<void>
}

const days = 7
const readAgainAfter = 2000
const fileEvery = 5000

export async function openStatistics(desk: Desk, speed: () => number): Promise<StatisticsKeeper> {
  const { clock, store, log, ledger } = desk
  const file = join(desk.options.dataDir, '.history', 'statistics.json')
  let figures = await store.figures(firstDay())
  let session = { files: 0, bytes: 0 }
  let ends = 0
  let readTimer: (() => void) | null = null
  let fileTimer: (() => void) | null = null
  let written: Promise<void> = Promise.resolve()

  function firstDay(): string {
    return weekDates(clock.now())[0] ?? localDate(clock.now())
  }

  function completed(entry: Entry): void {
    const { type, host, fileSize, duration } = historyOf(entry, 'completed', '')
    const bytes = fileSize ?? 0
    figures = withOne(figures, { date: localDate(clock.now()), type, host, bytes, seconds: duration })
    session = { files: session.files + 1, bytes: session.bytes + bytes }
    ended()
  }

  function ended(): void {
    ends++
    readTimer ??= clock.after(readAgainAfter, () => void readAgain())
    fileTimer ??= clock.after(fileEvery, () => {
      fileTimer = null
      written = written.then(writeOut)
    })
  }

  /** What other hands did to the database shows, too. Downloads that end meanwhile count in memory until the next time. */
  async function readAgain(): Promise<void> {
    const then = ends
    try {
      await ledger.written()
      const found = await store.figures(firstDay())
      if (then === ends) figures = found
    } catch (error) {
      log.warn({ error: String(error) }, 'the figures could not be read')
    } finally {
      readTimer = then === ends ? null : clock.after(readAgainAfter, () => void readAgain())
    }
  }

  function now(): Statistics {
    const { totalFiles, totalBytes, totalTime, topDomains, fileTypeStats } = figures
    const known = new Map(figures.days.map((day) => [day.date, day]))
    const week = weekDates(clock.now()).map((date) => known.get(date) ?? { date, files: 0, bytes: 0 })
    const today = week.at(-1)
    return {
      totalFiles,
      totalBytes,
      totalTime,
      averageSpeed: totalTime > 0 ? totalBytes / totalTime : 0,
      todayFiles: today?.files ?? 0,
      todayBytes: today?.bytes ?? 0,
      week,
      topDomains,
      fileTypeStats,
      sessionFiles: session.files,
      sessionBytes: session.bytes,
      speed: speed(),
      counts: ledger.counts(),
    }
  }

  async function writeOut(): Promise<void> {
    const { speed: _, sessionFiles: __, sessionBytes: ___, ...lasting } = now()
    const text = `${JSON.stringify({ writtenAt: new Date(clock.now()).toISOString(), ...lasting }, null, 2)}\n`
    try {
      // Only SQLite makes this folder.
      makeFolder(dirname(file), 0o700)
      await writeFile(`${file}.new`, text, { mode: 0o600, flush: true })
      await rename(`${file}.new`, file)
    } catch (error) {
      log.warn({ error: String(error) }, 'statistics.json could not be written')
    }
  }

  return {
    now,
    completed,
    ended,
    get session() {
      return session
    },
    async close() {
      readTimer?.()
      fileTimer?.()
      await written
      await writeOut()
    },
  }
}

/** The last seven days, today last. */
function weekDates(now: number): string[] {
  const date = new Date(now)
  return Array.from({ length: days }, (_, at) =>
    // At noon no change of the clock moves the day.
    localDate(new Date(date.getFullYear(), date.getMonth(), date.getDate() - (days - 1 - at), 12).getTime()),
  )
}

interface One {
  readonly date: string
  readonly type: string
  readonly host: string
  readonly bytes: number
  readonly seconds: number
}

function withOne(figures: Figures, { date, type, host, bytes, seconds }: One): Figures {
  const day = figures.days.find((one) => one.date === date) ?? { date, files: 0, bytes: 0 }
  return {
    totalFiles: figures.totalFiles + 1,
    totalBytes: figures.totalBytes + bytes,
    totalTime: figures.totalTime + seconds,
    topDomains: { ...figures.topDomains, [host]: (figures.topDomains[host] ?? 0) + bytes },
    fileTypeStats: { ...figures.fileTypeStats, [type]: (figures.fileTypeStats[type] ?? 0) + 1 },
    days: [
      ...figures.days.filter((one) => one.date !== date),
      { date, files: day.files + 1, bytes: day.bytes + bytes },
    ],
  }
}
