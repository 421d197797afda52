import { errorCode } from '../../core/disk-error.ts'

const attempts = 100
const disturbed = new Set(['ENOENT', 'ENOTEMPTY', 'EEXIST'])

/** Does the work again where somebody who cleans the cache, or makes the same tree, took a folder or put one in its way. */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === attempts || !disturbed.has(errorCode(error) ?? '')) throw error
    }
  }
}
