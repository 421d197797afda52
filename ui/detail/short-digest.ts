/** The first 12 digits, as ollama and docker show digests; the algorithm is SHA-256 in all of them. */
export function shortDigest(digest: string): string {
  return digest.replace(/^(?:sha256:)?([\da-f]{12})[\da-f]+$/, '$1…')
}
