import { SluiceError } from './errors.ts'

export type DigestAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** An expected digest; `hex` is lower case and has the length of its algorithm. */
export interface ExpectedDigest {
  readonly algorithm: DigestAlgorithm
  readonly hex: string
}

/** Length of a digest in bytes, by algorithm. */
export const digestBytes: Readonly<Record<DigestAlgorithm, number>> = { md5: 16, sha1: 20, sha256: 32, sha512: 64 }

const algorithms: Readonly<Record<string, DigestAlgorithm>> = {
  md5: 'md5',
  sha1: 'sha1',
  'sha-1': 'sha1',
  sha: 'sha1',
  sha256: 'sha256',
  'sha-256': 'sha256',
  sha512: 'sha512',
  'sha-512': 'sha512',
}
const hint = 'Write it as sha256:HEX; md5, sha1, sha256 and sha512 are known.'

/** The algorithm by any of its usual names (`sha256`, `SHA-256`), undefined when it is none of ours. */
export function digestAlgorithm(name: string): DigestAlgorithm | undefined {
  const key = name.toLowerCase()
  return Object.hasOwn(algorithms, key) ? algorithms[key] : undefined
}

/** Reads `sha256:HEX` or, as aria2 writes it, `sha-256=HEX`. A `usage` error says what is wrong with it. */
export function parseChecksum(text: string): ExpectedDigest {
  const match = /^\s*([^:=]*)[:=](.*)$/s.exec(text)
  if (match === null)
    throw new SluiceError('usage', `The checksum ${quoted(text)} does not name its algorithm.`, { hint })
  const [, name = '', hex = ''] = match
  const algorithm = digestAlgorithm(name.trim())
  if (algorithm === undefined)
    throw new SluiceError('usage', `${quoted(name)} is not a checksum algorithm that Sluice knows.`, { hint })
  return expectedDigest(algorithm, hex.trim())
}

/** Reads a SHA-256 in hex, with or without `sha256:` in front. A `usage` error says what is wrong with it. */
export function parseSha256(text: string): ExpectedDigest {
  return expectedDigest('sha256', text.trim().replace(/^sha-?256[:=]/i, ''))
}

function expectedDigest(algorithm: DigestAlgorithm, hex: string): ExpectedDigest {
  const length = digestBytes[algorithm] * 2
  const wrong = /[^0-9a-f]/iu.exec(hex)
  if (wrong !== null)
    throw new SluiceError(
      'usage',
      `The ${algorithm} checksum contains ${quoted(wrong[0])}, which is not a hex digit.`,
      { hint },
    )
  if (hex.length !== length) {
    throw new SluiceError('usage', `A ${algorithm} checksum has ${length} hex digits; this one has ${hex.length}.`, {
      hint,
    })
  }
  return { algorithm, hex: hex.toLowerCase() }
}

function quoted(text: string): string {
  const shown = text.length > 20 ? `${text.slice(0, 20)}…` : text
  return `"${shown.replace(/[^\x20-\x7e…]/g, '?')}"`
}
