import { asSluiceError } from '../core/errors.ts'
import type { LibraryCache } from './types.ts'

/**
 * Makes the cache's folder before answers of the API are kept in it. Where nothing can be written none is kept, and what
 * is there can be used all the same: who has to write there finds out.
 */
export async function prepareAnswers(cache: Pick<LibraryCache, 'prepare'>): Promise<void> {
  try {
    await cache.prepare()
  } catch (error) {
    if (asSluiceError(error).code !== 'disk-permission') throw error
  }
}
