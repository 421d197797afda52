import { redactUrl } from '../core/url.ts'
import { kindOf } from './request-kind.ts'
import type { AddRequest } from './types.ts'

type Request = Omit<AddRequest, 'headers'>

/** The request as it may be shown: no user information, no secret query values in its addresses. */
export function publicRequest<T extends Request>(request: T): T {
  return withAddresses(request, publicAddress)
}

/** The new request; addresses in it that are spelled as those of the old one are shown mean the old ones. */
export function keepHidden<T extends Request>(request: T, before: Request): T {
  const addresses = [
    before.reference,
    ...(before.mirrors ?? []),
    ...(before.referer === undefined ? [] : [before.referer]),
  ]
  const hidden = new Map(addresses.map((address) => [publicAddress(address), address]))
  return withAddresses(request, (address) => hidden.get(address) ?? address)
}

function withAddresses<T extends Request>(request: T, change: (address: string) => string): T {
  return {
    ...request,
    // Other names are no addresses, and hold no secrets.
    reference: kindOf(request) === 'http' ? change(request.reference) : request.reference,
    ...(request.mirrors === undefined ? {} : { mirrors: request.mirrors.map(change) }),
    ...(request.referer === undefined ? {} : { referer: change(request.referer) }),
  }
}

/** As it was typed where nothing has to be left out. */
function publicAddress(address: string): string {
  const shown = redactUrl(address)
  return URL.parse(address)?.href === shown ? address : shown
}
