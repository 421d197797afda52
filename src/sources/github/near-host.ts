import { classifyAddress } from '../../wire/address-policy.ts'

/** Whether an address is, by what is written, on this machine or in a private network. */
export function isNearHost({ hostname }: URL): boolean {
  const host = hostname.replace(/\.$/, '')
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return classifyAddress(host) === 'private'
  return /(?:^|\.)(?:localhost|local|internal)$/.test(host)
}
