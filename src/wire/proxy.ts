import { BlockList, isIP } from 'node:net'
import { SluiceError } from '../core/errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

const schemes = new Set(['http:', 'https:', 'socks5:', 'socks5h:'])
const hint = 'Write it as http://host:port, https://host:port, socks5://host:port or socks5h://host:port.'

/**
 * Reads the address of a proxy; without a scheme it is an http proxy. `source` names the flag or variable in messages,
 * which never show the address, as it may hold a password. Throws `usage`.
 */
export function parseProxyUrl(text: string, source: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const url = /[\s\\\x00-\x1f\x7f]/.test(text) ? null : URL.parse(full)
  if (url === null) throw new SluiceError('usage', `${source} does not hold the address of a proxy.`, { hint })
  if (url.protocol === 'socks:') return parseProxyUrl(full.replace(/^socks:/i, 'socks5:'), source)
  if (!schemes.has(url.protocol)) {
    throw new SluiceError('usage', `${source} names a "${url.protocol}" proxy, which Sluice cannot use.`, { hint })
  }
  if (url.hostname === '' || url.port === '0')
    throw new SluiceError('usage', `${source} names a proxy without a host.`, { hint })
  return url
}

/**
 * The proxy for a URL, null for a direct connection. The flag (--proxy) wins over everything; an empty one means none.
 * Else the environment decides as in curl: `http_proxy` or `https_proxy` by the scheme, then `all_proxy`, lower case
 * before upper case, and `no_proxy` for exceptions. Loopback is an exception only if `no_proxy` says so. HTTP_PROXY in
 * upper case is ignored in a CGI program (REQUEST_METHOD is set), where a client's `Proxy` header could set it.
 */
export function chooseProxy(url: URL, flag: string | undefined, env: Environment): URL | null {
  if (flag !== undefined) return flag === '' ? null : parseProxyUrl(flag, '--proxy')
  const own = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY']
  const names = [...own, 'all_proxy', 'ALL_PROXY'].filter((name) => name !== 'HTTP_PROXY' || !env['REQUEST_METHOD'])
  const name = names.find((candidate) => env[candidate])
  const value = name === undefined ? undefined : env[name]
  if (name === undefined || value === undefined || isExcepted(url, env['no_proxy'] || env['NO_PROXY'] || ''))
    return null
  return parseProxyUrl(value, name)
}

/**
 * Whether `no_proxy` excepts a URL: entries divided by commas or blanks; `*` for all; a name for itself and everything
 * below it, with or without a leading dot; an address or a range such as 10.0.0.0/8; each with `:port` or without.
 */
export function isExcepted(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && entryFits(entry, host, port))
}

function entryFits(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  const [, bracketed, plain = '', wantedPort] =
    /^(?:\[([^\]]*)\]|(.*?))(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? []
  if (wantedPort !== undefined && wantedPort !== port) return false
  const pattern = bracketed ?? plain
  if (isIP(host) !== 0) return addressFits(pattern, host)
  const name = pattern.replace(/^\*?\.|\.$/g, '')
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

function addressFits(pattern: string, host: string): boolean {
  const [network = '', bits, ...more] = pattern.split('/')
  const [kind, family] = [isIP(network), isIP(host) === 4 ? 'ipv4' : 'ipv6'] as const
  if (kind === 0 || more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false
  const most = kind === 4 ? 32 : 128
  const length = Number(bits ?? most)
  if (length > most) return false
  const list = new BlockList()
  list.addSubnet(network, length, kind === 4 ? 'ipv4' : 'ipv6')
  return list.check(host, family)
}
