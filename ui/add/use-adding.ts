import { useRef, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import type { AddRequest } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { client } from '../state/client.ts'
import { toast } from '../state/toasts.ts'
import { requestsOf, restOf } from './batch.ts'
import type { Rest } from './batch.ts'
import { changeDraft, currentDraft } from './draft.ts'
import { afterAdding } from './form.ts'
import { promisedName } from './preview-request.ts'
import type { Recognised } from './recognise.ts'
import { sendMany } from './send-many.ts'
import { showAdded } from './show-download.ts'

/** Downloads that are listed already, and what to send when they are wanted again. */
export interface Conflict {
  readonly ids: readonly string[]
  readonly requests: readonly AddRequest[]
  /** It is about what is in the field, so the field is empty once it is settled; else about what was there before. */
  readonly isInField: boolean
  /** The text of the field while it is asked. */
  readonly text: string
}

export interface Adding {
  readonly isBusy: boolean
  readonly error: SluiceError | null
  readonly conflict: Conflict | null
  /** The lines that are still in the field after a list was added, while they are as they were. */
  readonly rest: Rest | null
  one(request: AddRequest, name: string | undefined): Promise<void>
  many(list: Extract<Recognised, { kind: 'list' }>, options: Omit<AddRequest, 'reference'>): Promise<void>
  again(conflict: Conflict): Promise<void>
  leave(conflict: Conflict): void
}

/** Sends what is in the field. Everything that fails keeps its text there. */
export function useAdding(onDone: () => void): Adding {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<{ readonly error: SluiceError; readonly text: string } | null>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const [rest, setRest] = useState<Rest | null>(null)
  const running = useRef(false)
  const { text } = currentDraft()

  async function run(work: () => Promise<void>): Promise<void> {
    if (running.current) return
    running.current = true
    setBusy(true)
    setError(null)
    setConflict(null)
    setRest(null)
    try {
      await work()
    } catch (thrown) {
      setError({ error: asSluiceError(thrown), text: currentDraft().text })
    } finally {
      running.current = false
      setBusy(false)
      onDone()
    }
  }

  /** `left` is what of it is still to do, with the options as they are. What was typed meanwhile stays. */
  function clear(sent: string, left = ''): void {
    const { form, text: now } = currentDraft()
    changeDraft({ form: left === '' ? afterAdding(form) : form, text: now === sent ? left : now })
  }

  async function one(request: AddRequest, name: string | undefined): Promise<void> {
    const sent = currentDraft().text
    await run(async () => {
      const { id, skipped } = await client.add({ ifDuplicate: 'skip', ...request })
      if (skipped === true) return setConflict({ ids: [id], requests: [request], isInField: true, text: sent })
      clear(sent)
      showAdded(t('add.added', { name: request.filename ?? name ?? promisedName(request.reference) }))
    })
  }

  async function many(
    list: Extract<Recognised, { kind: 'list' }>,
    options: Omit<AddRequest, 'reference'>,
  ): Promise<void> {
    const sent = currentDraft().text
    await run(async () => {
      const requests = requestsOf(list.items, { ifDuplicate: 'skip', ...options })
      const { added, errors, skipped, failure } = await sendMany(requests, client.addMany)
      const left = restOf(sent, list.items, list.problems, errors)
      clear(sent, left.text)
      setRest(left.text === '' ? null : left)
      const listed = skipped.flatMap(({ line }) => requests.slice(line - 1, line))
      if (skipped.length > 0)
        setConflict({ ids: skipped.map(({ id }) => id), requests: listed, isInField: false, text: left.text })
      if (failure !== null) setError({ error: failure, text: left.text })
      tellMany(added.length, errors.length + list.problems.length)
    })
  }

  async function again({ requests, isInField, text: about }: Conflict): Promise<void> {
    await run(async () => {
      const wanted = requests.map((request) => ({ ...request, ifDuplicate: 'add' as const }))
      const [first] = wanted
      if (wanted.length === 1 && first !== undefined) {
        await client.add(first)
        showAdded(t('add.added', { name: first.filename ?? promisedName(first.reference) }))
      } else {
        const { added, errors, failure } = await sendMany(wanted, client.addMany)
        if (failure !== null) throw failure
        tellMany(added.length, errors.length)
      }
      if (isInField) clear(about)
    })
  }

  return {
    isBusy,
    error: error?.text === text ? error.error : null,
    conflict: conflict?.text === text ? conflict : null,
    rest: rest?.text === text ? rest : null,
    one,
    many,
    again,
    leave(about) {
      setConflict(null)
      if (about.isInField) clear(about.text)
      onDone()
    },
  }
}

function tellMany(added: number, failed: number): void {
  if (failed === 0) return added === 0 ? undefined : showAdded(t('add.addedMany', { count: added }))
  const text = added === 0 ? t('add.addedNone', { count: failed }) : t('add.addedSome', { added, failed })
  toast({ kind: 'warning', text })
}
