import type { Puller } from '../models/types.ts'

export type OpenPuller = Puller & { close(): Promise<void> }

/** What pulls models. It is opened when the first model asks for it, so that logins that cannot be read harm nothing else. */
export interface PullerKeeper {
  now(): Promise<Puller>
  /** The next one asked for is another, by the settings of then; this one is closed when nothing runs at it any more. */
  replace(released: Promise<void>): Promise<void>
  close(): Promise<void>
}

export function createPullerKeeper(open: () => Promise<OpenPuller>): PullerKeeper {
  let current: Promise<OpenPuller> | null = null

  function now(): Promise<OpenPuller> {
    const opened = (current ??= open())
    opened.catch(() => {
      if (current === opened) current = null
    })
    return opened
  }

  async function end(opened: Promise<OpenPuller> | null): Promise<void> {
    // Of one that could not be opened, whoever asked for it has heard.
    const puller = await opened?.catch(() => null)
    await puller?.close()
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
