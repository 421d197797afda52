import { digestBytes, parseChecksum } from '../../src/core/digest.ts'
import type { DigestAlgorithm, ExpectedDigest } from '../../src/core/digest.ts'

/**
 * Reads a checksum as people paste it: `sha256:HEX`, bare hex whose length tells the algorithm, or a line of
 * `sha256sum` with the name of the file behind it. Undefined when it is none.
 */
export function recogniseChecksum(text: string): ExpectedDigest | undefined {
  const hex = /^([0-9a-f]+)(?:\s+\*?\S.*)?$/is.exec(text.trim())?.[1]
  const algorithm = hex === undefined ? undefined : algorithmOf(hex.length)
  if (hex !== undefined && algorithm !== undefined) return { algorithm, hex: hex.toLowerCase() }
  try {
    return parseChecksum(text)
  } catch {
    return undefined
  }
}

function algorithmOf(digits: number): DigestAlgorithm | undefined {
  const all = Object.entries(digestBytes) as Array<[DigestAlgorithm, number]>
  return all.find(([, bytes]) => bytes * 2 === digits)?.[0]
}
