import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { ServerContext } from './environment.ts'

/** Under which names the daemon may be asked for. */
export interface AllowedHosts {
  /** The address it listens on. */
  readonly bound: string
  readonly port: number
  /** Further `name` (any port) or `name:port`. */
  readonly allow: readonly string[]
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/** True for addresses that only this machine can reach. A name other than `localhost` is taken for reachable. */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (plain === 'localhost' || plain === '::1' || plain === '0:0:0:0:0:0:0:1') return true
  return isIP(plain) === 4 && plain.startsWith('127.')
}

/**
 * Whether a Host field names this daemon; any other name may be a foreign site's whose DNS points here. On loopback the
 * port must be the own one. A daemon that others can reach may also be asked for by any IP address, which DNS cannot
 * forge, by this machine's name, and by another port that is mapped to its own.
 */
export function isAllowedHost(header: string | undefined, hosts: AllowedHosts): boolean {
  const [, name, port] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(header ?? '') ?? []
  if (name === undefined) return false
  const wanted = name.toLowerCase()
  const allowed = hosts.allow.map((entry) => entry.toLowerCase())
  if (allowed.includes(wanted) || allowed.includes(`${wanted}:${port ?? '80'}`)) return true
  const reachable = !isLoopback(hosts.bound)
  if (!reachable && Number(port ?? 80) !== hosts.port) return false
  if (loopbackNames.includes(wanted) || wanted === bracketed(hosts.bound).toLowerCase()) return true
  return reachable && (isIP(wanted.replace(/^\[|\]$/g, '')) !== 0 || wanted === hostname().toLowerCase())
}

/**
 * Whether this machine itself asks, under a name that only it can use: behind a proxy every request comes from here, but
 * not with such a name.
 */
export function isFromHere(context: ServerContext): boolean {
  const address = context.env.incoming?.socket.remoteAddress?.replace(/^::ffff:/i, '') ?? '127.0.0.1'
  const { url } = context.req
  // A target in absolute form names a host too.
  const names = [url, `http://${context.req.header('Host') ?? URL.parse(url)?.host}`]
  const forwarded = ['Forwarded', 'X-Forwarded-For', 'Via'].some((field) => context.req.header(field) !== undefined)
  return isLoopback(address) && names.every((name) => isLoopback(URL.parse(name)?.hostname ?? '')) && !forwarded
}

/** Whether an Origin field is the page of this daemon: its host is the one that the request itself is sent to. */
export function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const given = URL.parse(origin)
  if (given === null || host === undefined || origin.toLowerCase() !== given.origin) return false
  if (given.protocol !== 'http:' && given.protocol !== 'https:') return false
  return URL.parse(`${given.protocol}//${host}`)?.host === given.host
}

/** An address as it stands in a URL. */
export function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}
