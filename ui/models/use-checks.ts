import { asSluiceError } from '../../src/core/errors.ts'
import type { LibraryModel, ModelCheck } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { announce, toast } from '../state/toasts.ts'
import { createValue, useValue } from '../state/value.ts'

/** What is known of the blobs of a model beyond that they are there. */
export type Check =
  /** In ms since 1970. */
  { readonly kind: 'running'; readonly since: number } | { readonly kind: 'done'; readonly result: ModelCheck }

type Identity = Pick<LibraryModel, 'name' | 'fullName' | 'id' | 'modifiedAt'>

export interface Checks {
  /** Undefined for a model that was not checked since it became what it is. */
  of(model: Identity): Check | undefined
  start(model: Identity): void
  stop(model: Identity): void
}

// They outlive the page that asked for them: a large model takes minutes.
const checks = createValue<ReadonlyMap<string, Check>>(new Map())
const running = new Map<string, AbortController>()

/** Reads models whole and compares digests, one or several at once. */
export function useChecks(): Checks {
  const now = useValue(checks)
  return {
    of: (model) => now.get(keyOf(model)),
    start: (model) => void check(model),
    stop: (model) => running.get(keyOf(model))?.abort(),
  }
}

/** A model that was pulled anew is another one. */
function keyOf({ fullName, id, modifiedAt }: Identity): string {
  return `${fullName} ${id} ${modifiedAt}`
}

async function check(model: Identity): Promise<void> {
  const { name, fullName } = model
  const key = keyOf(model)
  if (running.has(key)) return
  const controller = new AbortController()
  running.set(key, controller)
  put(key, { kind: 'running', since: Date.now() })
  announce(t('models.verifying', { name }))
  try {
    const result = await client.verifyModel(fullName, controller.signal)
    put(key, { kind: 'done', result })
    if (result.verdict === 'verified') toast({ kind: 'good', text: t('models.verifiedToast', { name }) })
    else toast({ kind: 'error', text: t('models.damagedToast', { name, count: result.problems.length }) })
  } catch (thrown) {
    put(key, undefined)
    const { text, hint } = errorText(asSluiceError(thrown))
    if (controller.signal.aborted) announce(t('models.verifyStopped', { name }))
    else toast({ kind: 'error', text: `${text} ${hint}`.trim() })
  } finally {
    running.delete(key)
  }
}

function put(key: string, next: Check | undefined): void {
  const all = new Map(checks.get())
  if (next === undefined) all.delete(key)
  else all.set(key, next)
  checks.set(all)
}
