import { SluiceError } from '../core/errors.ts'
import { splitExtension } from '../core/file-name.ts'

/** Undoes a Content-Encoding, in order. */
export interface Decoder {
  /** False when it wants a pause until `ready` is called: once for each call of `ready`, whatever comes in between. */
  push(bytes: Buffer): boolean
  /** No more bytes come; `ended` is called when all are out. */
  finish(): void
  stop(): void
}

export interface DecoderEvents {
  bytes(chunk: Buffer): void
  ready(): void
  ended(): void
  failed(error: SluiceError): void
}

const packedNames = /^\.(?:tar\.\w+|gz|tgz|svgz|br|zst|tzst|z|bz2|xz|lzma|7z|zip)$/i
const packedTypes = /^application\/(?:x-)?(?:gzip|zstd|brotli|bzip2|xz|compress|tar\+gzip|gtar-compressed|zip)\b/i

/**
 * How an encoded body is to be stored (RFC 9110 section 8.4). `raw`: the file itself is of a compressed type, and the
 * server only says so in the wrong field. `decode`: the encoding is the server's addition.
 */
export function storageOf(encoding: string, name: string, type: string | undefined): 'raw' | 'decode' {
  if (encoding === '' || encoding === 'identity') return 'raw'
  return packedNames.test(splitExtension(name)[1]) || packedTypes.test(type ?? '') ? 'raw' : 'decode'
}

/** Throws `bad-encoding` for an encoding nobody asked for and Sluice cannot undo. */
export function createDecoder(encoding: string, events: DecoderEvents): Decoder {
  // Loaded only here: almost no server encodes what was asked for plain, and the module costs memory.
  const zlib = process.getBuiltinModule('node:zlib')
  const make = {
    gzip: zlib.createGunzip,
    'x-gzip': zlib.createGunzip,
    deflate: zlib.createInflate,
    br: zlib.createBrotliDecompress,
    zstd: zlib.createZstdDecompress,
  }
  if (!Object.hasOwn(make, encoding)) throw unknownEncoding(encoding)
  const stream = make[encoding as keyof typeof make]()
  let full = false
  stream.on('data', (chunk: Buffer) => events.bytes(chunk))
  stream.on('drain', () => {
    full = false
    events.ready()
  })
  stream.on('end', () => events.ended())
  stream.on('error', (cause) =>
    events.failed(new SluiceError('bad-encoding', 'The encoded answer of the server is damaged.', { cause })),
  )
  return {
    push(bytes) {
      // One read of a chunked body brings many pieces: those behind the first too many must not ask for further pauses.
      const mayGoOn = stream.write(bytes) || full
      full ||= !mayGoOn
      return mayGoOn
    },
    finish: () => void stream.end(),
    stop: () => void stream.destroy(),
  }
}

function unknownEncoding(encoding: string): SluiceError {
  return new SluiceError(
    'bad-encoding',
    `The server encodes the file as "${encoding.slice(0, 40)}", though it was asked not to.`,
  )
}
