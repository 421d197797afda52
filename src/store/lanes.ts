/** Keeps calls in the order in which they were made, as far as one could see a difference. */
export interface Lanes {
  /** After all writes before it. */
  write<T>(task: () => Promise<T>): Promise<T>
  /** A write that history reads after it must see. */
  writeHistory<T>(task: () => Promise<T>): Promise<T>
  /** After all history writes before it; a long write of downloads does not hold it up. */
  readHistory<T>(task: () => Promise<T>): Promise<T>
  /** Settles when all calls before it have. */
  idle(): Promise<void>
}

export function createLanes(): Lanes {
  let lastWrite: Promise<unknown> = Promise.resolve()
  let lastHistoryWrite: Promise<unknown> = lastWrite
  const reads = new Set<Promise<unknown>>()

  function write<T>(task: () => Promise<T>): Promise<T> {
    const result = lastWrite.then(task)
    lastWrite = settled(result)
    return result
  }

  return {
    write,
    writeHistory(task) {
      const result = write(task)
      lastHistoryWrite = lastWrite
      return result
    },
    readHistory(task) {
      const result = lastHistoryWrite.then(task)
      const end = settled(result)
      reads.add(end)
      void end.then(() => reads.delete(end))
      return result
    },
    async idle() {
      await Promise.all([lastWrite, ...reads])
    },
  }
}

function settled(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => undefined,
    () => undefined,
  )
}
