/** Does the work for each item, at most `most` at once. Rejects with the first error; work that has begun ends by itself. */
export async function inTurns<T>(items: Iterable<T>, most: number, work: (item: T) => Promise<void>): Promise<void> {
  const turns = items[Symbol.iterator]()
  async function take(): Promise<void> {
    for (let turn = turns.next(); !turn.done; turn = turns.next()) await work(turn.value)
  }
  await Promise.all(Array.from({ length: most }, take))
}
