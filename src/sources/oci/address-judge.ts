import { classifyAddress, makeAddressPolicy } from '../../wire/address-policy.ts'
import type { AddressPolicyOptions } from '../../wire/address-policy.ts'
import { isNearHost } from '../near-host.ts'

type Guard = (address: string, url: URL) => void

/** Judges the addresses that one registry leads to. */
export interface AddressJudge {
  /** A guard for a chain that begins at the registry; it notes where the registry was reached. */
  guard(): Guard
  /** A guard for a chain that the registry has sent us on: it begins where the registry was reached. */
  guardFromRegistry(): Guard
  /** Whether a host is known to be none of the public internet. */
  isPrivate(url: URL): boolean
}

export function createAddressJudge(registry: URL, options: AddressPolicyOptions): AddressJudge {
  const classify = options.classify ?? classifyAddress
  let reached: string | null = null
  return {
    guard() {
      const check = makeAddressPolicy(options)
      return (address, url) => {
        check(address, url)
        if (url.origin === registry.origin) reached = address
      }
    },
    guardFromRegistry() {
      const check = makeAddressPolicy(options)
      if (reached !== null) check(reached, registry)
      return check
    },
    isPrivate(url) {
      if (options.allowPrivate) return false
      if (url.origin === registry.origin && reached !== null && reached !== '') return classify(reached) === 'private'
      return isNearHost(url, classify)
    },
  }
}
