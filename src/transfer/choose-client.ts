import { createWireClient } from '../wire/client.ts'
import type { WireClient, WireOptions } from '../wire/types.ts'

type Variables = Readonly<Record<string, string | undefined>>

const proxyVariables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']

/**
 * A client that sends each request directly or through the proxy that the flag or the environment names for its URL.
 * What proxies need is loaded only when one is named. Throws `usage` for an address that is no proxy's.
 */
export async function chooseClient(
  options: WireOptions,
  flag: string | undefined,
  env: Variables,
): Promise<WireClient> {
  const direct = createWireClient(options)
  if (flag === '' || (flag === undefined && !proxyVariables.some((name) => env[name]))) return direct
  const { chooseProxy, parseProxyUrl } = await import('../wire/proxy.ts')
  const { createProxyClient } = await import('../wire/proxy-client.ts')
  if (flag !== undefined) parseProxyUrl(flag, '--proxy')
  const proxied = new Map<string, WireClient>()

  function clientFor(url: URL): WireClient {
    const proxy = chooseProxy(url, flag, env)
    if (!proxy) return direct
    const known = proxied.get(proxy.href)
    if (known) return known
    const client = createProxyClient({ ...options, proxy })
    proxied.set(proxy.href, client)
    return client
  }

  return {
    get: (request, sink) => clientFor(request.url).get(request, sink),
    // Buffers of proxied answers belong to nobody; only the direct client lends its own.
    release: (buffer) => direct.release(buffer),
    setReadSize(bytes) {
      direct.setReadSize(bytes)
      for (const client of proxied.values()) client.setReadSize(bytes)
    },
    close() {
      direct.close()
      for (const client of proxied.values()) client.close()
    },
  }
}
