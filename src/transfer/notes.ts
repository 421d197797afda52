import type { SluiceError } from '../core/errors.ts'
import type { Transfer } from './state.ts'

/** Redirects of one file that are told; some servers send every request elsewhere. */
const mostHosts = 10

/** Tells where the server refused a further connection, once for each number that it stays at. */
export function noteCap(transfer: Transfer, error: SluiceError): void {
  const { cap } = transfer.growth
  if (transfer.told.caps.has(cap)) return
  transfer.told.caps.add(cap)
  const why = error.status ?? error.code.replaceAll('-', ' ')
  warn(transfer, 'connections-capped', `The server refused a further connection (${why}): staying at ${cap}.`)
}

/** Tells that the file comes from another host than the one that was asked, once for each host. */
export function noteRedirect(transfer: Transfer, from: URL, to: URL): void {
  const { hosts } = transfer.told
  if (to.host === from.host || hosts.has(to.host) || hosts.size >= mostHosts) return
  hosts.add(to.host)
  warn(transfer, 'redirected', `${from.host} redirected to ${to.host}.`, to.host)
}

function warn({ emit, id, request }: Transfer, code: string, message: string, host?: string): void {
  const { reference } = request
  emit({ type: 'warning', id, reference, code, message, ...(host === undefined ? {} : { host }) })
}
