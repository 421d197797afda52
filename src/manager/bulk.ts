import { setImmediate } from 'node:timers/promises'
import { asSluiceError } from '../core/errors.ts'
import type { Actions } from './actions.ts'
import type { Desk } from './desk.ts'
import type { Entry } from './entry.ts'
import type { BulkAction, BulkResult } from './types.ts'
import { waitingFor } from './view.ts'

/** Lets other work in between, so that thousands at once hold nobody up. */
const piece = 200

/** Does the same to several downloads; what is not possible with one is told and holds no other up. */
export function createBulk(desk: Desk, actions: Actions) {
  const { ledger, events } = desk

  async function each(ids: readonly string[], act: (entry: Entry) => Promise<void> | void): Promise<BulkResult> {
    const done: string[] = []
    const failed: Array<BulkResult['failed'][number]> = []
    const waiting: Array<Promise<void>> = []
    await events.together(async () => {
      for (const [index, id] of ids.entries()) {
        if (index % piece === piece - 1) await setImmediate()
        try {
          const entry = ledger.get(id)
          waiting.push(
            Promise.resolve(act(entry)).then(
              () => void done.push(id),
              (error) => fail(id, error),
            ),
          )
        } catch (error) {
          fail(id, error)
        }
      }
      await Promise.all(waiting)
    })
    await ledger.written()
    return { done, failed }

    function fail(id: string, thrown: unknown): void {
      const { code, message } = asSluiceError(thrown)
      failed.push({ id, code, message })
    }
  }

  function bulk(action: BulkAction, ids: readonly string[], deleteFile: boolean): Promise<BulkResult> {
    const unique = [...new Set(ids)]
    if (action === 'remove') return each(unique, (entry) => actions.remove(entry, deleteFile))
    // The first of the list shall be the first at the top, too.
    if (action === 'top') return each(unique.reverse(), (entry) => actions.move(entry, 'top'))
    if (action === 'bottom') return each(unique, (entry) => actions.move(entry, 'bottom'))
    return each(unique, actions[action])
  }

  return {
    bulk,
    /** Failed ones are not tried again by themselves either: all is quiet until the user says otherwise. */
    pauseAll: () => {
      for (const entry of ledger.with('error')) if (entry.row.retryAt !== null) ledger.change(entry, { retryAt: null })
      return each(idsOf(['validating', 'queued', 'active']), actions.pause)
    },
    resumeAll: () => {
      const waiting = [...ledger.with('queued')].filter((one) => waitingFor(one, desk.view) === 'auto-start-off')
      return each([...idsOf(['paused']), ...waiting.map((one) => one.id)], actions.resume)
    },
  }

  function idsOf(statuses: ReadonlyArray<'validating' | 'queued' | 'active' | 'paused'>): string[] {
    return statuses.flatMap((status) => Array.from(ledger.with(status), (entry) => entry.id))
  }
}
