import type { AddRequest } from '../../src/server/api-types.ts'

/**
 * What to ask the daemon about while someone types; null where the host is not whole yet. When it starts and what happens
 * to files that exist does not matter to a preview.
 */
export function previewRequest(reference: string, options: Omit<AddRequest, 'reference'>): AddRequest | null {
  const host = URL.parse(reference)?.hostname ?? ''
  if (!/\.(?:[\p{L}-]{2,}|\d{1,3}|xn--[a-z\d-]+)$/iu.test(host) && host !== 'localhost' && !host.startsWith('['))
    return null
  const { paused: _paused, startAt: _startAt, ifExists: _ifExists, priority: _priority, ...rest } = options
  return { ...rest, reference }
}

/** What to call a download before its server has said its name. */
export function promisedName(reference: string): string {
  const url = URL.parse(reference)
  if (url === null) return reference
  const last = url.pathname.split('/').findLast((part) => part !== '')
  if (last === undefined) return url.hostname
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
