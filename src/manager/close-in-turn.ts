import type { ManagerLog } from './types.ts'

/** Closes one after the other, whatever goes wrong with one of them. */
export async function closeInTurn(closers: ReadonlyArray<() => unknown>, log: ManagerLog): Promise<void> {
  for (const close of closers) {
    try {
      await close()
    } catch (error) {
      log.error({ error: String(error) }, 'something could not be closed in order')
    }
  }
}

/** Waits for work at most so many milliseconds; true when it ended in time. A failure counts as an end. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const inTime = work.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([inTime, late])
  } finally {
    clearTimeout(timer)
  }
}
