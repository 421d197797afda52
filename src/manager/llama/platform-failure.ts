import { SluiceError } from '../../core/errors.ts'

export interface FailedPlatform {
  readonly platform: string
  readonly error: SluiceError
}

/**
 * What is told of platforms that failed, `total` being all of them: the code of the first and a sentence that counts. A
 * single one's error is told as it is.
 */
export function platformFailure(failed: readonly FailedPlatform[], total: number): SluiceError | null {
  const [first] = failed
  if (first === undefined) return null
  const { platform, error } = first
  if (total === 1) return error
  const { code, message, hint, retry, status, retryAfter } = error
  return new SluiceError(code, `${failed.length} of ${total} platforms failed: ${platform}: ${message}`, {
    hint,
    retry,
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    cause: error,
  })
}
