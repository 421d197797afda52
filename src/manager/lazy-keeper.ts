/** Something that is opened when it is first asked for, so that what is wrong with it harms nothing else. */
export interface LazyKeeper<T> {
  now(): Promise<T>
  /** The next one asked for is another, by the settings of then; this one is closed when nothing runs at it any more. */
  replace(released: Promise<void>): Promise<void>
  close(): Promise<void>
}

export function createLazyKeeper<T extends { close(): Promise<void> }>(open: () => Promise<T>): LazyKeeper<T> {
  let current: Promise<T> | null = null

  function now(): Promise<T> {
    const opened = (current ??= open())
    opened.catch(() => {
      if (current === opened) current = null
    })
    return opened
  }

  async function end(opened: Promise<T> | null): Promise<void> {
    // Of one that could not be opened, whoever asked for it has heard.
    const one = await opened?.catch(() => null)
    await one?.close()
  }

  return {
    now,
    async replace(released) {
      const before = current
      current = null
      await released
      await end(before)
    },
    close: () => end(current),
  }
}
