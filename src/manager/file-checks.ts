import { stat } from 'node:fs/promises'
import type { Desk } from './desk.ts'
import type { Entry } from './entry.ts'

/** Notices when the file of a completed download is gone, or back. */
export interface FileChecks {
  check(entry: Entry): Promise<void>
  /** Goes through all, then a part of them each minute. */
  start(): void
  close(): void
}

const interval = 60_000
const eachTime = 100

export function createFileChecks(desk: Desk): FileChecks {
  const { ledger, clock } = desk
  let closed = false
  let timer: (() => void) | null = null
  let round: Iterator<Entry> = [][Symbol.iterator]()

  async function check(entry: Entry): Promise<void> {
    const { status, path, kind, files } = entry.row
    if (status !== 'completed') return
    const paths = kind === 'llama' ? files.map((file) => file.path) : [path]
    const missing = anyMissing(await Promise.all(paths.map(isMissing)))
    if (missing === null || missing === entry.missing || ledger.find(entry.id) !== entry) return
    if (entry.row.path !== path || entry.moving !== null) return
    entry.missing = missing
    ledger.tell(entry)
  }

  async function checkSome(most: number): Promise<void> {
    for (let count = 0; count < most && !closed; count++) {
      const next = round.next()
      if (next.done) {
        round = [...ledger.with('completed')][Symbol.iterator]()
        break
      }
      await check(next.value)
    }
    if (!closed) timer = clock.after(interval, () => void checkSome(eachTime))
  }

  return {
    check,
    start() {
      round = [...ledger.with('completed')][Symbol.iterator]()
      void checkSome(Infinity)
    },
    close() {
      closed = true
      timer?.()
    },
  }
}

function anyMissing(found: ReadonlyArray<boolean | null>): boolean | null {
  return found.includes(true) ? true : found.includes(null) ? null : false
}

/** Null where it cannot be told: a disk that does not answer has lost nothing. */
async function isMissing(path: string): Promise<boolean | null> {
  try {
    await stat(path)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      ? true
      : null
  }
}
