import { createWireClient } from '../wire/client.ts'
import type { BodySink, WireClient, WireOptions } from '../wire/types.ts'

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
  // Only the direct client wants its buffers back; of those that come through a proxy it knows nothing.
  const foreign = new WeakSet<Buffer>()

  function clientFor(url: URL): WireClient {
    const proxy = chooseProxy(url, flag, env)
    if (!proxy) return direct
    const known = proxied.get(proxy.href)
    if (known) return known
    const client = createProxyClient({ ...options, proxy })
    proxied.set(proxy.href, client)
    return client
  }

  function noting(sink: BodySink): BodySink {
    return {
      head: (head) => sink.head(head),
      data(buffer, start, end, keepable) {
        const kept = sink.data(buffer, start, end, keepable)
        if (kept === true) foreign.add(buffer)
        return kept
      },
      end: (how) => sink.end(how),
      fail: (error) => sink.fail(error),
    }
  }

  return {
    get(request, sink) {
      const client = clientFor(request.url)
      return client.get(request, client === direct ? sink : noting(sink))
    },
    release(buffer) {
      if (!foreign.delete(buffer)) direct.release(buffer)
    },
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
