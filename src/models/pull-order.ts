/**
 * Takes things from both ends of their sizes: the first of several workers has the largest left, the others the
 * smallest, so that many small ones cost no round trips at the end while the largest is on its way from the beginning.
 */
export function takeFromBothEnds<T extends { readonly size: number }>(
  things: readonly T[],
  workers: number,
): (worker: number) => T | undefined {
  const left = things.toSorted((a, b) => a.size - b.size)
  return (worker) => (worker === 0 && workers > 1 ? left.pop() : left.shift())
}
