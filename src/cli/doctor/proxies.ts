import { connect } from 'node:net'
import { redactUrl } from '../../core/url.ts'
import { ok, problem, reasonOf } from './finding.ts'
import type { Finding } from './finding.ts'

const topic = 'proxy'
const variables = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()])
const exceptions = ['no_proxy', 'NO_PROXY']
const usualPorts: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'socks:': 1080,
  'socks5:': 1080,
  'socks5h:': 1080,
}
const patienceMs = 3000

/** Whether each proxy that is named somewhere is an address, and answers. `configured` stands in the file. */
export async function proxyFindings(
  env: Readonly<Record<string, string | undefined>>,
  configured: string | undefined,
): Promise<Finding[]> {
  const named = [
    ...(configured === undefined ? [] : [['proxy in the configuration file', configured] as const]),
    ...variables.flatMap((name) => (env[name] ? [[name, env[name]] as const] : [])),
  ]
  const direct = exceptions.flatMap((name) => (env[name] ? [ok(topic, `${name}=${env[name]}`)] : []))
  if (named.length === 0) return [ok(topic, 'none in the environment'), ...direct]
  return [...(await Promise.all(named.map(([name, value]) => proxyFinding(name, value)))), ...direct]
}

async function proxyFinding(name: string, value: string): Promise<Finding> {
  const url = URL.parse(value.includes('://') ? value : `http://${value}`)
  const usualPort = usualPorts[url?.protocol ?? '']
  if (url === null || url.hostname === '' || usualPort === undefined)
    return problem(topic, `${name} is not the address of a proxy.`, 'Write http://host:port, or socks5://host:port.')
  const shown = `${name}=${redactUrl(url).replace(/\/$/, '')}`
  try {
    await reach(url.hostname.replace(/^\[(.*)\]$/, '$1'), url.port === '' ? usualPort : Number(url.port))
    return ok(topic, shown)
  } catch (error) {
    return problem(
      topic,
      `${shown} cannot be reached (${reasonOf(error)}).`,
      'Start the proxy, or correct its address.',
    )
  }
}

/** Resolves when somebody listens there. */
async function reach(host: string, port: number): Promise<void> {
  const socket = connect({ host, port })
  try {
    await new Promise<void>((connected, refused) => {
      socket.setTimeout(patienceMs, () => refused(new Error('no answer')))
      socket.once('connect', connected)
      socket.once('error', refused)
    })
  } finally {
    socket.destroy()
  }
}
