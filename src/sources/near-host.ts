import { classifyAddress } from '../wire/address-policy.ts'
import type { AddressKind } from '../wire/address-policy.ts'

/** Whether the host of an address is, by what is written, of this machine or of a private network. */
export function isNearHost({ hostname }: URL, classify: (address: string) => AddressKind = classifyAddress): boolean {
  const host = hostname.replace(/\.$/, '')
  const isName = !host.startsWith('[') && !/^[\d.]+$/.test(host)
  return isName ? /(?:^|\.)(?:localhost|local|internal)$/.test(host) : classify(host) === 'private'
}
