import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import type { AddRequest, BatchResult } from '../../src/server/api-types.ts'

export interface ManyResult extends BatchResult {
  /** Why not all were sent, where the daemon failed in between; each of those is among the errors. */
  readonly failure: SluiceError | null
}

/** Adds any number of requests, so many at a time that each body stays far below what the daemon takes. */
export async function sendMany(
  requests: readonly AddRequest[],
  send: (some: readonly AddRequest[]) => Promise<BatchResult>,
  atOnce = 2000,
): Promise<ManyResult> {
  const added: string[] = []
  const errors: Array<BatchResult['errors'][number]> = []
  const skipped: Array<BatchResult['skipped'][number]> = []
  for (let from = 0; from < requests.length; from += atOnce) {
    try {
      const result = await send(requests.slice(from, from + atOnce))
      added.push(...result.added)
      errors.push(...result.errors.map((one) => ({ ...one, line: one.line + from })))
      skipped.push(...result.skipped.map((one) => ({ ...one, line: one.line + from })))
    } catch (thrown) {
      const failure = asSluiceError(thrown)
      const { code, message } = failure
      for (let place = from; place < requests.length; place++) errors.push({ line: place + 1, code, message })
      return { added, errors, skipped, failure }
    }
  }
  return { added, errors, skipped, failure: null }
}
