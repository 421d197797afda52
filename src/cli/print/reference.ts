import { redactUrl } from '../../core/url.ts'

/**
 * A reference for printing: as typed, unless it carries secrets (user information, tokens in the query). Not yet
 * cleaned for a terminal.
 */
export function shownReference(reference: string): string {
  if (!/[@?#]/.test(reference)) return reference
  const url = reference.includes('://') ? URL.parse(reference) : null
  if (url !== null) {
    const redacted = redactUrl(url)
    return redacted === url.href ? reference : redacted
  }
  // Without a scheme: user:password@host, but not name:tag@sha256:...
  return reference.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@(?!sha256:)/i, (all, scheme: string | undefined) =>
    scheme !== undefined || all.includes(':') ? (scheme ?? '') : all,
  )
}
