import { asSluiceError } from '../core/errors.ts'
import type { SluiceError } from '../core/errors.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from './clock.ts'
import type { EventLog } from './event-log.ts'
import type { ManagerLog } from './types.ts'

/** Notices that the database has lost its file, which no writing tells. */
export interface StoreWatch {
  /** Looks now; null when all is well. */
  look(): Promise<SluiceError | null>
  /** Something is being written: looks soon. While nothing happens nobody looks by himself. */
  wake(): void
  close(): void
}

const interval = 30_000

export function createStoreWatch(
  store: Pick<Store, 'detached'>,
  clock: Clock,
  events: Pick<EventLog, 'warning'>,
  log: ManagerLog,
): StoreWatch {
  let problem: SluiceError | null = null
  let stop: (() => void) | null = null

  async function look(): Promise<SluiceError | null> {
    const before = problem
    problem = await store.detached().catch(asSluiceError)
    if (problem !== null && before?.message !== problem.message) {
      log.error({ code: problem.code, hint: problem.hint }, problem.message)
      events.warning(null, problem.code, `${problem.message} ${problem.hint}`)
    } else if (problem === null && before !== null) log.info({}, 'the file of the database is back')
    return problem
  }

  return {
    look,
    wake() {
      stop ??= clock.after(interval, () => {
        stop = null
        void look()
      })
    },
    close: () => stop?.(),
  }
}
