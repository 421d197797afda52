/**
 * Works through a sequence with at most `jobs` items at once, in order; items are taken only when one can begin.
 * Nothing new begins after `stopped()` is true. Rejects with the first error of the sequence itself or of `work`,
 * after all running work has ended.
 */
export async function runWorkers<T>(
  items: AsyncIterator<T>,
  jobs: number,
  work: (item: T, index: number) => Promise<void>,
  stopped: () => boolean,
): Promise<void> {
  let taken = 0
  let over = false
  const worker = async (): Promise<void> => {
    while (!over && !stopped()) {
      const next = await items.next()
      if (next.done === true) over = true
      else if (!stopped()) await work(next.value, taken++)
    }
  }
  const results = await Promise.allSettled(Array.from({ length: jobs }, worker))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
