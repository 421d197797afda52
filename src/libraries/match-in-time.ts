import { SluiceError } from '../core/errors.ts'
import { isExpression } from '../core/name-pattern.ts'

/** Milliseconds for all names of a release: it has at most a thousand, and each is short. */
const patience = 1000
const lateCode = 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/**
 * What `work` gives back, which compares names with a pattern. An expression may be one that never comes to an end; that is
 * a `usage` error, and nobody else waits for it.
 */
export function matchInTime<T>(pattern: string | undefined, work: () => T): T {
  if (pattern === undefined || !isExpression(pattern)) return work()
  const { createContext, Script } = process.getBuiltinModule('node:vm')
  const outcome: { told?: { readonly value: T } } = {}
  const context = createContext({ run: () => void (outcome.told = { value: work() }) })
  try {
    // The limit of a script holds for all that it calls.
    new Script('run()').runInContext(context, { timeout: patience })
  } catch (error) {
    // The error of the limit belongs to the context, where it is no `Error` of ours.
    const isLate = typeof error === 'object' && error !== null && 'code' in error && error.code === lateCode
    if (!isLate) throw error
    throw new SluiceError('usage', 'The expression takes too long with the names of this release.', {
      hint: 'Write a simpler one, or a pattern with * and ?.',
      cause: error,
    })
  }
  if (outcome.told !== undefined) return outcome.told.value
  throw new SluiceError('internal', 'The names of the release were not compared.')
}
