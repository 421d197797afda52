import { digestAlgorithm, digestBytes } from '../core/digest.ts'
import type { ExpectedDigest } from '../core/digest.ts'
import type { ResponseHead } from './types.ts'

/**
 * The digests of the whole file that an answer announces: Repr-Digest (RFC 9530), the older Digest (RFC 3230), and
 * Content-Digest where the content is the whole file, not a range of it. Of the algorithms sha-256 and sha-512 count,
 * in Digest also md5 and sha. What is malformed is passed over: a server's mistake here is no reason to fail. Nothing
 * counts for a coded answer, as the digest would be that of the code.
 */
export async function wholeFileDigests(head: Pick<ResponseHead, 'status' | 'field'>): Promise<ExpectedDigest[]> {
  const coding = head.field('content-encoding')?.trim().toLowerCase() ?? ''
  if ((head.status !== 200 && head.status !== 206) || (coding !== '' && coding !== 'identity')) return []
  const structured = [head.field('repr-digest'), head.status === 200 ? head.field('content-digest') : undefined]
  const digests = fromDigest(head.field('digest') ?? '')
  for (const field of structured) if (field !== undefined) digests.push(...(await fromDictionary(field)))
  return digests.filter((digest, index) => digests.findIndex((other) => sameDigest(other, digest)) === index)
}

async function fromDictionary(field: string): Promise<ExpectedDigest[]> {
  const { parseDictionary, ParseError } = await import('structured-headers')
  try {
    return Array.from(parseDictionary(field), ([name, [value]]) =>
      /^sha-(?:256|512)$/.test(name) && value instanceof ArrayBuffer ? expected(name, Buffer.from(value)) : [],
    ).flat()
  } catch (error) {
    // RFC 8941, 1.1: a field that does not parse is as if it were not there.
    if (error instanceof ParseError) return []
    throw error
  }
}

function fromDigest(field: string): ExpectedDigest[] {
  return field.split(',').flatMap((part) => {
    const [, name = '', base64 = ''] = /^\s*([\w-]+)=([A-Za-z0-9+/]+={0,2})\s*$/.exec(part) ?? []
    return expected(name, Buffer.from(base64, 'base64'))
  })
}

function expected(name: string, bytes: Buffer): ExpectedDigest[] {
  const algorithm = digestAlgorithm(name)
  return algorithm !== undefined && bytes.length === digestBytes[algorithm]
    ? [{ algorithm, hex: bytes.toString('hex') }]
    : []
}

function sameDigest(a: ExpectedDigest, b: ExpectedDigest): boolean {
  return a.algorithm === b.algorithm && a.hex === b.hex
}
