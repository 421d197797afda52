import { asSluiceError } from '../../src/core/errors.ts'
import type { BulkResult, Download } from '../../src/server/api-types.ts'
import type { Patch } from './live-store.ts'
import type { ActionParts } from './make-actions.ts'
import type { Guess } from './overlay.ts'

export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint?: string
}

type BulkVerb = 'pause' | 'resume' | 'retry' | 'cancel' | 'remove'
export type Verb = BulkVerb | 'priority' | 'move' | 'limit' | 'redownload' | 'removeHistory'

export interface Way {
  /** One request for all. */
  readonly call?: () => Promise<BulkResult>
  /** One request for each, one after the other. */
  readonly each?: (id: string) => Promise<void>
  readonly deleteFile?: boolean
  /** The guess is shown already. */
  readonly patch?: Patch
  /** Failures are not told. */
  readonly silent?: boolean
}

/** Ids in one request. */
const piece = 1000
const none: Patch = { confirm: () => {}, undo: () => {} }

/** Does something to downloads, shows the outcome before it is known and takes back what did not happen. */
export function createCarryOut({
  client,
  live,
  deselect,
  toast,
  t,
  errorText,
}: Omit<ActionParts, 'dismissToast' | 'hideEntry' | 'showOrder'>) {
  function fail(verb: Verb, thrown: unknown): void {
    tell(verb, [{ id: '', ...failureOf(thrown) }], 1)
  }

  function tell(verb: Verb, failed: ReadonlyArray<Failure & { readonly id: string }>, all: number): void {
    const [first] = failed
    if (first === undefined) return
    const { text, hint } = errorText(first)
    const params = { count: failed.length, all, name: nameOf(live.known(first.id)) || first.id }
    toast({
      kind: 'error',
      text: [t(all === 1 ? `state.${verb}Failed` : `state.${verb}SomeFailed`, params), text, hint]
        .filter(Boolean)
        .join(' '),
    })
  }

  async function request(
    verb: Verb,
    ids: readonly string[],
    way: Way,
  ): Promise<BulkResult & { failed: Array<Failure & { id: string }> }> {
    const { call, each, deleteFile = false } = way
    if (call !== undefined) return copy(await call())
    const result = { done: [] as string[], failed: [] as Array<Failure & { id: string }> }
    const [only] = ids
    const one = each ?? (ids.length === 1 ? single(verb, deleteFile) : undefined)
    if (one !== undefined && only !== undefined) {
      for (const id of ids) {
        try {
          await one(id)
          result.done.push(id)
        } catch (thrown) {
          result.failed.push({ id, ...failureOf(thrown) })
        }
      }
      return result
    }
    for (let at = 0; at < ids.length; at += piece) {
      const { done, failed } = await client.bulk(verb as BulkVerb, ids.slice(at, at + piece), { deleteFile })
      result.done.push(...done)
      result.failed.push(...failed)
    }
    return result
  }

  function single(verb: Verb, deleteFile: boolean): ((id: string) => Promise<void>) | undefined {
    if (verb === 'remove') return (id) => client.remove(id, { deleteFile })
    if (verb === 'pause' || verb === 'resume' || verb === 'retry' || verb === 'cancel')
      return (id) => client.act(verb, id)
    return undefined
  }

  /** Resolves to the ids that it was done to. */
  async function carryOut(
    verb: Verb,
    ids: readonly string[],
    guess: Guess | null,
    way: Way = {},
  ): Promise<readonly string[]> {
    if (ids.length === 0 && way.call === undefined) return []
    const patch = way.patch ?? (guess === null ? none : live.patch(new Map(ids.map((id) => [id, guess]))))
    try {
      const { done, failed } = await request(verb, ids, way)
      // What is gone already is what removing wants.
      const real = verb === 'remove' ? failed.filter(({ code }) => code !== 'not-found') : failed
      const lost = new Set(real.map(({ id }) => id))
      patch.undo([...lost])
      patch.confirm(ids.filter((id) => !lost.has(id)))
      deselect(failed.flatMap(({ id, code }) => (code === 'not-found' ? [id] : [])))
      if (way.silent !== true) tell(verb, real, Math.max(ids.length, done.length + failed.length))
      return done
    } catch (thrown) {
      patch.undo()
      if (way.silent !== true) fail(verb, thrown)
      return []
    }
  }

  return { carryOut, fail }
}

/** A name is not known before the server has told it. */
export function nameOf(download: Download | undefined): string {
  return download === undefined ? '' : download.filename === '' ? download.url : download.filename
}

function failureOf(thrown: unknown): Failure {
  const { code, message, hint } = asSluiceError(thrown)
  return { code, message, hint }
}

function copy({ done, failed }: BulkResult): BulkResult & { failed: Array<Failure & { id: string }> } {
  return { done, failed: [...failed] }
}
