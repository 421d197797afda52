import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { SluiceError } from '../core/errors.ts'

/**
 * The SHA-256 of a file, in hex. Reads it in pieces, whatever its size. Errors: `not-found`, `disk-permission`, `disk`,
 * `interrupted`.
 */
export async function sha256File(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  try {
    const stream = createReadStream(path, { highWaterMark: 1024 * 1024, ...(signal === undefined ? {} : { signal }) })
    for await (const chunk of stream) hash.update(Buffer.from(chunk))
  } catch (error) {
    if (signal?.aborted === true)
      throw new SluiceError('interrupted', 'The calculation of a checksum was interrupted.', { cause: error })
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new SluiceError('not-found', `There is no file ${path}.`, { cause: error, hint: 'Check the path.' })
    if (code === 'EISDIR') throw new SluiceError('usage', `${path} is a folder, no file.`, { cause: error })
    const kind = code === 'EACCES' || code === 'EPERM' ? 'disk-permission' : 'disk'
    throw new SluiceError(kind, `${path} cannot be read (${code}).`, { cause: error, hint: 'Check its permissions.' })
  }
  return hash.digest('hex')
}
