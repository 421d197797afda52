import { useEffect, useRef, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { LibraryModel, ModelCheck } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { announce, toast } from '../state/toasts.ts'

/** What is known of the blobs of a model beyond that they are there. */
export type Check =
  /** In ms since 1970. */
  { readonly kind: 'running'; readonly since: number } | { readonly kind: 'done'; readonly result: ModelCheck }

export interface Checks {
  /** Undefined for a model that was not checked since it became what it is. */
  of(model: LibraryModel): Check | undefined
  start(model: LibraryModel): void
  stop(model: LibraryModel): void
}

/** A model that was pulled anew is another one. */
function keyOf({ fullName, id, modifiedAt }: LibraryModel): string {
  return `${fullName} ${id} ${modifiedAt}`
}

/** Results outlive the page that asked for them. */
let results: ReadonlyMap<string, Check> = new Map()

/** Reads models whole and compares digests, one or several at once; what runs ends with the page. */
export function useChecks(): Checks {
  const [checks, setChecks] = useState(results)
  const running = useRef(new Map<string, AbortController>())

  function put(key: string, check: Check | undefined): void {
    const next = new Map(results)
    if (check === undefined) next.delete(key)
    else next.set(key, check)
    results = next
    setChecks(next)
  }

  useEffect(() => {
    const { current } = running
    return () => {
      for (const controller of current.values()) controller.abort()
    }
  }, [])

  async function check(model: LibraryModel): Promise<void> {
    const key = keyOf(model)
    if (running.current.has(key)) return
    const controller = new AbortController()
    running.current.set(key, controller)
    put(key, { kind: 'running', since: Date.now() })
    announce(t('models.verifying', { name: model.name }))
    try {
      const result = await client.verifyModel(model.fullName, controller.signal)
      put(key, { kind: 'done', result })
      tell(result, model)
    } catch (thrown) {
      put(key, undefined)
      if (!controller.signal.aborted) fail(thrown)
    } finally {
      running.current.delete(key)
    }
  }

  return {
    of: (model) => checks.get(keyOf(model)),
    start: (model) => void check(model),
    stop: (model) => running.current.get(keyOf(model))?.abort(),
  }
}

function tell({ verdict, problems }: ModelCheck, { name }: LibraryModel): void {
  if (verdict === 'verified') toast({ kind: 'good', text: t('models.verifiedToast', { name }) })
  else toast({ kind: 'error', text: t('models.damagedToast', { name, count: problems.length }) })
}

function fail(thrown: unknown): void {
  const { text, hint } = errorText(asSluiceError(thrown))
  toast({ kind: 'error', text: `${text} ${hint}`.trim() })
}
