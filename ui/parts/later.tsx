import { useEffect, useSyncExternalStore } from 'react'
import type { ComponentType, ReactNode } from 'react'

/** Milliseconds. */
const retryAfter = 3000

const all: Array<() => void> = []

/**
 * A component whose code comes when it is first shown, or by `fetchLater`. Unlike React's `lazy` it is there in the same
 * frame once the code has come: `lazy` always shows its fallback first, and keeps it for 300 ms. Throws when the daemon
 * has another build than this page, so that the boundary around it offers to load it anew.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  fallback?: () => ReactNode,
): ComponentType<P> & { readonly fetch: () => void } {
  let loaded: ComponentType<P> | undefined
  let isLoading = false
  let failure: Error | undefined
  const listeners = new Set<() => void>()

  async function fetchCode(): Promise<void> {
    if (loaded !== undefined || isLoading) return
    isLoading = true
    try {
      loaded = await load()
    } catch (error) {
      // Who waits for it is told when the daemon no longer has it; while that is away the page says so by itself.
      if (listeners.size > 0 && (await isReachable()))
        failure = new Error('The daemon has another build.', { cause: error })
      else if (listeners.size > 0) setTimeout(fetch, retryAfter)
    } finally {
      isLoading = false
    }
    for (const listener of listeners) listener()
  }
  const fetch = (): void => void fetchCode()
  function subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  function Later(props: P): ReactNode {
    const Loaded = useSyncExternalStore(subscribe, () => loaded)
    const failed = useSyncExternalStore(subscribe, () => failure)
    useEffect(fetch)
    if (failed !== undefined) throw failed
    // oxlint-disable-next-line react/static-components -- it is the same one from the moment it is there
    return Loaded === undefined ? fallback?.() : <Loaded {...props} />
  }
  all.push(fetch)
  return Object.assign(Later, { fetch })
}

async function isReachable(): Promise<boolean> {
  try {
    return (await fetch('/', { method: 'HEAD', cache: 'no-store' })).ok
  } catch {
    // No answer is an answer here.
    return false
  }
}

/** Fetches everything that has not come yet, so that it is there when it is wanted. */
export function fetchLater(): void {
  for (const fetch of all) fetch()
}
