import assert from 'node:assert/strict'
import { afterEach } from 'node:test'
import { SluiceError } from '../../src/core/errors.ts'
import { createProxyClient } from '../../src/wire/proxy-client.ts'
import type { WireClient, WireOptions } from '../../src/wire/types.ts'
import { startProxyServer } from './proxy-server.ts'
import type { ProxyServer, ProxyServerOptions } from './proxy-server.ts'
import { startRawServer } from './raw-server.ts'
import type { RawRequest, RawServer, RawServerOptions } from './raw-server.ts'
import { receive } from './receive.ts'
import { ok } from './wire-fixture.ts'

/** Servers, proxies and clients of one test file; all are closed after each test. */
export interface ProxyFixture {
  serve(answer: (request: RawRequest) => void, options?: RawServerOptions): Promise<RawServer>
  proxyWith(options?: ProxyServerOptions): Promise<ProxyServer>
  /** A client through the proxy; `login` as it stands in an address. */
  through(proxy: ProxyServer, scheme?: string, login?: string, options?: WireOptions): WireClient
  clientOf(proxy: string, options?: WireOptions): WireClient
  /** Sends a GET that must fail with the code and words, and without any secret. */
  refused(client: WireClient, url: URL, code: string, words: RegExp): Promise<SluiceError>
}

/** Answers with a body that shows the request's head. */
export function echo({ socket, head }: RawRequest): void {
  socket.write(ok(head))
}

export function proxyFixture(): ProxyFixture {
  const opened: Array<{ close(): unknown }> = []
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close()
  })

  function clientOf(proxy: string, options: WireOptions = {}): WireClient {
    const client = createProxyClient({ ...options, proxy: new URL(proxy) })
    opened.push(client)
    return client
  }

  return {
    clientOf,
    async serve(answer, options = {}) {
      const server = await startRawServer(answer, options)
      opened.push(server)
      return server
    },
    async proxyWith(options = {}) {
      const proxy = await startProxyServer(options)
      opened.push(proxy)
      return proxy
    },
    through(proxy, scheme = 'http', login = '', options = {}) {
      return clientOf(`${scheme}://${login}${login && '@'}127.0.0.1:${proxy.port}`, options)
    },
    refused,
  }
}

async function refused(client: WireClient, url: URL, code: string, words: RegExp): Promise<SluiceError> {
  const error: unknown = await receive(client, url).answer.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof SluiceError, String(error))
  assert.equal(error.code, code, error.message)
  assert.match(error.message, words)
  assert.doesNotMatch(error.message, /geheim/)
  return error
}
