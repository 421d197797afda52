import { SluiceError } from '../core/errors.ts'

/** Any failure of the database as the one error of the store; what is a SluiceError already stays as it is. */
export function databaseError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error
  const reason = error instanceof Error && error.message !== '' ? error.message : String(error)
  return new SluiceError('database', `The database failed: ${reason.replace(/\.?\s*$/, '.')}`, { cause: error })
}

/** Runs `task`; rejects with a `database` error when it fails. */
export async function withDatabaseErrors<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (error) {
    throw databaseError(error)
  }
}
