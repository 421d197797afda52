import { useCallback, useSyncExternalStore } from 'react'

/** Which downloads are selected. It survives updates, scrolling and another order. */
export function createSelection() {
  const chosen = new Set<string>()
  const byId = new Map<string, Set<() => void>>()
  const all = new Set<() => void>()

  function tell(changed: Iterable<string>): void {
    for (const id of changed) for (const listener of byId.get(id) ?? []) listener()
    for (const listener of all) listener()
  }

  function replace(ids: Iterable<string>): void {
    const next = new Set(ids)
    const changed = [...chosen.symmetricDifference(next)]
    if (changed.length === 0) return
    chosen.clear()
    for (const id of next) chosen.add(id)
    tell(changed)
  }

  return {
    has: (id: string): boolean => chosen.has(id),
    ids: (): string[] => [...chosen],
    count: (): number => chosen.size,
    toggle: (id: string): void => replace(chosen.symmetricDifference(new Set([id]))),
    /** These too. */
    range: (ids: readonly string[]): void => replace([...chosen, ...ids]),
    /** These and no others. */
    all: (ids: readonly string[]): void => replace(ids),
    drop: (ids: readonly string[]): void => replace(chosen.difference(new Set(ids))),
    clear: (): void => replace([]),
    onOne(id: string, listener: () => void): () => void {
      const listeners = byId.get(id) ?? new Set()
      byId.set(id, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && byId.get(id) === listeners) byId.delete(id)
      }
    },
    onAny(listener: () => void): () => void {
      all.add(listener)
      return () => all.delete(listener)
    },
  }
}

export const selection = createSelection()

/** Renders anew only when this one is chosen or left. */
export function useSelected(id: string): boolean {
  const subscribe = useCallback((listener: () => void) => selection.onOne(id, listener), [id])
  return useSyncExternalStore(subscribe, () => selection.has(id))
}

export function useSelectionCount(): number {
  return useSyncExternalStore(selection.onAny, selection.count)
}
