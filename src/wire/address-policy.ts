import { BlockList, isIP } from 'node:net'
import { SluiceError } from '../core/errors.ts'
import { ipv6Groups } from './ipv6.ts'

export type AddressKind = 'public' | 'private'

/** What is not on the public internet, by the IANA registries of special-purpose addresses. */
const privateV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]
const privateV6 = ['100::/64', '2001::/23', '2001:db8::/32', '3fff::/20', '5f00::/16']

interface Lists {
  readonly v4: BlockList
  readonly v6: BlockList
  readonly globalV6: BlockList
}

let made: Lists | undefined

function lists(): Lists {
  made ??= {
    v4: blockList(privateV4, 'ipv4'),
    v6: blockList(privateV6, 'ipv6'),
    globalV6: blockList(['2000::/3'], 'ipv6'),
  }
  return made
}

/**
 * Tells public internet addresses from all others: loopback, private and carrier networks, link-local with the metadata
 * services of clouds, multicast, reserved. An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is what that
 * one is. Text that is no address counts as private, so that nothing unknown passes.
 */
export function classifyAddress(address: string): AddressKind {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (isIP(plain) === 4) return lists().v4.check(plain, 'ipv4') ? 'private' : 'public'
  if (isIP(plain) !== 6) return 'private'
  const inner = embeddedV4(plain)
  if (inner !== undefined) return classifyAddress(inner)
  return lists().globalV6.check(plain, 'ipv6') && !lists().v6.check(plain, 'ipv6') ? 'public' : 'private'
}

export interface AddressPolicyOptions {
  readonly allowPrivate: boolean
  /** No private address at all, whatever `allowPrivate` says; default false. */
  readonly publicOnly?: boolean
  /** For tests, which have only loopback. */
  readonly classify?: (address: string) => AddressKind
}

/**
 * Guards one chain of requests for one file. The returned check is called with each connected address before a byte is
 * sent: the first may be anything, but once one was public a later private one throws `private-address`, so that no
 * server outside can send us to machines inside. With `publicOnly` the first is judged like all others. Behind a proxy the address is '' and only an address or `localhost` in
 * the URL can be judged.
 */
export function makeAddressPolicy(options: AddressPolicyOptions): (address: string, url: URL) => void {
  const { allowPrivate, publicOnly = false, classify = classifyAddress } = options
  let wasPublic = false
  let first: { readonly address: string; readonly url: URL } | undefined
  const kindOf = (address: string, url: URL): AddressKind | undefined =>
    address === '' ? kindOfHost(url.hostname, classify) : classify(address)

  return (address, url) => {
    if (publicOnly) {
      if (kindOf(address, url) === 'private') throw privateTarget(address, url)
      return
    }
    if (allowPrivate) return
    // Most chains have one hop, and then nothing is to be judged.
    if (first === undefined) {
      first = { address, url }
      return
    }
    if (kindOf(first.address, first.url) === 'public') wasPublic = true
    const kind = kindOf(address, url)
    if (kind === 'public') wasPublic = true
    else if (kind === 'private' && wasPublic) {
      throw new SluiceError(
        'private-address',
        `A server on the internet redirects to ${url.host}, which is a private address${address === '' ? '' : ` (${address})`}.`,
      )
    }
  }
}

/**
 * Throws the same as `publicOnly` for a URL that names a private address, or a name that is private everywhere. Where
 * another name leads shows only when it is connected.
 */
export function refusePrivateHost(url: URL): void {
  if (kindOfHost(url.hostname, classifyAddress) === 'private') throw privateTarget('', url)
}

function privateTarget(address: string, url: URL): SluiceError {
  const place = address === '' ? '' : ` (${address})`
  return new SluiceError(
    'private-address',
    `${url.host} is a private address${place}; this Sluice fetches from public ones only, because others can reach it.`,
    { hint: 'Whoever runs this Sluice can allow private addresses in its settings.' },
  )
}

function kindOfHost(host: string, classify: (address: string) => AddressKind): AddressKind | undefined {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0) return classify(bare)
  return /(?:^|\.)(?:localhost|local|internal)\.?$/i.test(host) ? 'private' : undefined
}

/** The IPv4 address inside ::ffff:a.b.c.d, ::a.b.c.d, 64:ff9b::a.b.c.d and 2002:ab:cd::, as dotted text. */
function embeddedV4(address: string): string | undefined {
  const groups = ipv6Groups(address)
  const [a = 0, b = 0] = groups
  const zeros = (from: number, to: number): boolean => groups.slice(from, to).every((group) => group === 0)
  if (a === 0x2002) return dotted(groups[1], groups[2])
  if (a === 0x64 && b === 0xff9b && zeros(2, 6)) return dotted(groups[6], groups[7])
  if (zeros(0, 5) && groups[5] === 0xffff) return dotted(groups[6], groups[7])
  if (zeros(0, 4) && groups[4] === 0xffff && groups[5] === 0) return dotted(groups[6], groups[7])
  // ::a.b.c.d (obsolete); :: and ::1 are not of that kind.
  if (zeros(0, 6) && (groups[6] !== 0 || (groups[7] ?? 0) > 1)) return dotted(groups[6], groups[7])
  return undefined
}

function dotted(high = 0, low = 0): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

function blockList(ranges: ReadonlyArray<string>, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}
