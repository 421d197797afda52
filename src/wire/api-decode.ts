import { promisify } from 'node:util'
import { SluiceError } from '../core/errors.ts'
import { codeOf } from './socket-errors.ts'

/**
 * Undoes a Content-Encoding that nobody asked for. Errors: `bad-encoding` for one that is not known or does not fit the
 * bytes, `answer-too-large` above `limit` bytes, however small the encoded body was.
 */
export async function decodeBody(body: Buffer, encoding: string, limit: number, place: string): Promise<Buffer> {
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity' || body.length === 0) return body
  const zlib = process.getBuiltinModule('node:zlib')
  const known: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
    gzip: promisify(zlib.gunzip),
    'x-gzip': promisify(zlib.gunzip),
    deflate: promisify(zlib.inflate),
    br: promisify(zlib.brotliDecompress),
    zstd: promisify(zlib.zstdDecompress),
  }
  const decode = Object.hasOwn(known, name) ? known[name] : undefined
  if (decode === undefined) {
    const shown = name.replace(/[^\x21-\x7e]/g, '?').slice(0, 40)
    throw new SluiceError('bad-encoding', `${place} encodes its answer as "${shown}", though it was asked not to.`)
  }
  try {
    return await decode(body, { maxOutputLength: limit })
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(place, limit)
    throw new SluiceError('bad-encoding', `The encoded answer of ${place} is damaged.`, { cause })
  }
}

export function tooLarge(place: string, limit: number): SluiceError {
  return new SluiceError('answer-too-large', `${place} sent an answer of more than ${limit} bytes.`)
}
