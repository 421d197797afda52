import type { Client } from '../../src/client/client.ts'
import { nextStatus } from '../../src/core/download-states.ts'
import type { DownloadAction } from '../../src/core/download-states.ts'
import type { Key } from '../i18n/index.ts'
import { createCarryOut, nameOf } from './carry-out.ts'
import type { Failure } from './carry-out.ts'
import type { LiveStore } from './live-store.ts'
import type { Guess } from './overlay.ts'
import type { ErrorText } from './texts.ts'
import type { ToastInput } from './toasts.ts'

export interface ActionParts {
  readonly client: Pick<
    Client,
    | 'act'
    | 'bulk'
    | 'remove'
    | 'setPriority'
    | 'move'
    | 'setLimit'
    | 'pauseAll'
    | 'resumeAll'
    | 'redownload'
    | 'removeHistory'
  >
  readonly live: Pick<LiveStore, 'known' | 'patch' | 'state'>
  readonly deselect: (ids: readonly string[]) => void
  /** Shows an entry of the history no more, or again. */
  readonly hideEntry: (id: string, hide: boolean) => void
  /** Downloads are in another order now, as a person wanted. */
  readonly showOrder: () => void
  readonly toast: (toast: ToastInput) => number
  readonly dismissToast: (id: number) => void
  readonly t: (key: Key, params?: Readonly<Record<string, string | number>>) => string
  readonly errorText: (error: Failure) => ErrorText
}

/** What a person does to downloads. Nothing rejects: what goes wrong is taken back and told in a toast. */
export interface Actions {
  pause(ids: readonly string[]): Promise<void>
  resume(ids: readonly string[]): Promise<void>
  retry(ids: readonly string[]): Promise<void>
  /** Pauses at once and cancels when its toast goes, unless Undo is chosen before. */
  cancel(ids: readonly string[]): Promise<void>
  /** Hides at once and removes when its toast goes, unless Undo is chosen before. Ask before `deleteFile`. */
  remove(ids: readonly string[], options?: { readonly deleteFile: boolean }): Promise<void>
  /** 1-10 */
  priority(ids: readonly string[], priority: number): Promise<void>
  /** A number is a place from 1 among those of the same priority. */
  move(ids: readonly string[], to: 'top' | 'bottom' | number): Promise<void>
  /** Bytes per second; 0 lifts the cap. */
  limit(ids: readonly string[], bytesPerSecond: number): Promise<void>
  /** Resolves to the id of the new download, null when it failed. */
  redownload(historyId: string): Promise<string | null>
  removeHistory(id: string): Promise<boolean>
  pauseAll(): Promise<void>
  resumeAll(): Promise<void>
  /** Carries out at once what still waits for its Undo: the page is being left. */
  flush(): void
}

const stopped = { speed: 0, eta: null, connections: 0 } as const
const guesses = {
  pause: { status: 'paused', ...stopped },
  resume: { status: 'queued', waitingFor: null },
  retry: { status: 'queued', error: null, retryAt: null },
  cancel: { status: 'cancelled', ...stopped },
} as const satisfies Record<string, Guess>

export function createActions(parts: ActionParts): Actions {
  const { client, live, t, toast } = parts
  const { carryOut, fail } = createCarryOut(parts)
  /** Toasts whose action still waits. */
  const waiting = new Set<number>()

  /** Of several only those that the action is allowed for: what is paused already needs no word when all are paused. */
  function possible(ids: readonly string[], action: DownloadAction): readonly string[] {
    const fit = ids.filter((id) => {
      const status = live.known(id)?.status
      return status === undefined || nextStatus(status, action) !== null
    })
    return fit.length === 0 ? ids : fit
  }

  async function change(verb: 'pause' | 'resume' | 'retry', ids: readonly string[]): Promise<void> {
    await carryOut(verb, possible(ids, verb), guesses[verb])
  }

  /** Shows the end at once; what still runs is paused meanwhile, and goes on after Undo. */
  async function withUndo(
    verb: 'cancel' | 'remove',
    ids: readonly string[],
    guess: Guess,
    deleteFile: boolean,
  ): Promise<void> {
    if (ids.length === 0) return
    const running = ids.filter((id) => ['active', 'queued'].includes(live.known(id)?.status ?? ''))
    const name = nameOf(live.known(ids[0] ?? ''))
    const patch = live.patch(new Map(ids.map((id) => [id, guess])))
    const paused = running.length === 0 ? Promise.resolve([]) : carryOut('pause', running, null, { silent: true })
    await new Promise<void>((done) => {
      let undone = false
      const end = async (): Promise<void> => {
        waiting.delete(number)
        if (!undone) await carryOut(verb, ids, guess, { deleteFile, patch })
        else {
          patch.undo()
          await change('resume', await paused)
        }
        done()
      }
      const number = toast({
        kind: 'info',
        text: t(verb === 'cancel' ? 'state.cancelDone' : 'state.removeDone', { count: ids.length, name }),
        action: { label: t('common.undo'), onSelect: () => (undone = true) },
        onGone: () => void end(),
      })
      waiting.add(number)
    })
  }

  async function all(verb: 'pauseAll' | 'resumeAll'): Promise<void> {
    const action = verb === 'pauseAll' ? 'pause' : 'resume'
    const from = action === 'pause' ? ['active', 'queued'] : ['paused']
    const ids = [...live.state().rows.values()].flatMap(({ download: { id, status } }) =>
      from.includes(status) ? [id] : [],
    )
    await carryOut(action, ids, guesses[action], { call: () => client[verb]() })
  }

  return {
    pause: (ids) => change('pause', ids),
    resume: (ids) => change('resume', ids),
    retry: (ids) => change('retry', ids),
    async cancel(ids) {
      const fit = possible(ids, 'cancel')
      const allowed = fit.some((id) => nextStatus(live.known(id)?.status ?? 'queued', 'cancel') !== null)
      if (allowed) await withUndo('cancel', fit, guesses.cancel, false)
      else await carryOut('cancel', fit, null)
    },
    async remove(ids, { deleteFile } = { deleteFile: false }) {
      parts.deselect(ids)
      await withUndo('remove', ids, 'hidden', deleteFile)
    },
    async priority(ids, priority) {
      await carryOut('priority', ids, { priority }, { each: (id) => client.setPriority(id, priority) })
      parts.showOrder()
    },
    async move(ids, to) {
      if (ids.length === 0) return
      if (to !== 'top' && to !== 'bottom') {
        let place = to
        await carryOut('move', ids, null, { each: (id) => client.move(id, place++) })
      } else if (ids.length === 1) await carryOut('move', ids, null, { each: (id) => client.move(id, to) })
      else await carryOut('move', ids, null, { call: () => client.bulk(to, ids) })
      parts.showOrder()
    },
    async limit(ids, bytesPerSecond) {
      const speedLimit = bytesPerSecond === 0 ? null : bytesPerSecond
      await carryOut('limit', ids, { speedLimit }, { each: (id) => client.setLimit(id, bytesPerSecond) })
    },
    async redownload(historyId) {
      try {
        const { id } = await client.redownload(historyId)
        toast({ kind: 'good', text: t('state.addedAgain') })
        return id
      } catch (thrown) {
        fail('redownload', thrown)
        return null
      }
    },
    async removeHistory(id) {
      parts.hideEntry(id, true)
      try {
        await client.removeHistory(id)
        return true
      } catch (thrown) {
        parts.hideEntry(id, false)
        fail('removeHistory', thrown)
        return false
      }
    },
    pauseAll: () => all('pauseAll'),
    resumeAll: () => all('resumeAll'),
    flush() {
      for (const number of [...waiting]) parts.dismissToast(number)
    },
  }
}
