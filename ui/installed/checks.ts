import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { errorText } from '../state/texts.ts'
import { announce, toast } from '../state/toasts.ts'
import { createValue, useValue } from '../state/value.ts'

/** What is known of the bytes of something installed beyond that they are there. */
export type Check<R> =
  /** In ms since 1970. */
  { readonly kind: 'running'; readonly since: number } | { readonly kind: 'done'; readonly result: R }

export interface Checks<T, R> {
  /** Undefined for what was not checked since it became what it is. */
  of(item: T): Check<R> | undefined
  start(item: T): void
  stop(item: T): void
}

export interface CheckOptions<T, R> {
  /** What is another thing has another one. */
  readonly keyOf: (item: T) => string
  readonly nameOf: (item: T) => string
  readonly verify: (item: T, signal: AbortSignal) => Promise<R>
  readonly isGood: (result: R) => boolean
  /** How it ended, in one sentence. */
  readonly told: (item: T, result: R) => string
}

/**
 * Reads installed things whole and compares digests, one or several at once. Gives the hook for it. Checks outlive the
 * page that asked for them: a large model takes minutes.
 */
export function createChecks<T, R>({ keyOf, nameOf, verify, isGood, told }: CheckOptions<T, R>): () => Checks<T, R> {
  const checks = createValue<ReadonlyMap<string, Check<R>>>(new Map())
  const running = new Map<string, AbortController>()

  async function check(item: T): Promise<void> {
    const key = keyOf(item)
    const name = nameOf(item)
    if (running.has(key)) return
    const controller = new AbortController()
    running.set(key, controller)
    put(key, { kind: 'running', since: Date.now() })
    announce(t('models.verifying', { name }))
    try {
      const result = await verify(item, controller.signal)
      put(key, { kind: 'done', result })
      toast({ kind: isGood(result) ? 'good' : 'error', text: told(item, result) })
    } catch (thrown) {
      put(key, undefined)
      const { text, hint } = errorText(asSluiceError(thrown))
      if (controller.signal.aborted) announce(t('models.verifyStopped', { name }))
      else toast({ kind: 'error', text: `${text} ${hint}`.trim() })
    } finally {
      running.delete(key)
    }
  }

  function put(key: string, next: Check<R> | undefined): void {
    const all = new Map(checks.get())
    if (next === undefined) all.delete(key)
    else all.set(key, next)
    checks.set(all)
  }

  return () => {
    const now = useValue(checks)
    return {
      of: (item) => now.get(keyOf(item)),
      start: (item) => void check(item),
      stop: (item) => running.get(keyOf(item))?.abort(),
    }
  }
}
