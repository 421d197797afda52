import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'

/** Digest of no bytes at all. */
export const emptyDigest = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/**
 * A digest from a manifest, or any other text that is to become a path or a request: gives it back if it is `sha256:` and
 * 64 lower-case hex digits and nothing else, and throws `bad-manifest` otherwise.
 */
export function checkBlobDigest(text: unknown): string {
  if (typeof text !== 'string') throw bad('A digest is missing or is no text.')
  if (/^sha256:[a-f0-9]{64}$/.test(text)) return text
  if (/^sha512:[a-f0-9]{128}$/.test(text)) throw bad('The manifest has sha512 digests; Sluice checks sha256 only.')
  throw bad(`"${excerpt(text)}" is no digest: sha256: and 64 lower-case hex digits.`)
}

/** Name of a blob's file in an Ollama store: `sha256-<hex>`. */
export function blobFileName(digest: string): string {
  return `sha256-${digestHex(digest)}`
}

/** The 64 hex digits. */
export function digestHex(digest: string | null): string {
  return checkBlobDigest(digest).slice('sha256:'.length)
}

function bad(message: string): SluiceError {
  return new SluiceError('bad-manifest', message)
}
