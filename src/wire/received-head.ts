import type { Framing } from './body-framing.ts'
import type { ParsedHead } from './response-head.ts'
import { fieldValue } from './response-head.ts'
import type { ResponseHead } from './types.ts'

/** The head as a receiver sees it. */
export function responseHead(head: ParsedHead, framing: Framing, url: URL, remoteAddress: string): ResponseHead {
  return {
    version: head.version,
    status: head.status,
    reason: head.reason,
    fields: head.fields,
    field: (name) => fieldValue(head.fields, name),
    url,
    remoteAddress,
    contentLength: framing.kind === 'none' ? 0 : plainLength(head, framing),
  }
}

function plainLength(head: ParsedHead, framing: Framing): number | null {
  if (framing.kind !== 'length') return null
  const coding = fieldValue(head.fields, 'content-encoding')?.toLowerCase() ?? 'identity'
  return coding === 'identity' || coding === '' ? framing.length : null
}
