import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { afterEach } from 'node:test'
import { createWireClient } from '../../src/wire/client.ts'
import type { WireClient, WireOptions } from '../../src/wire/types.ts'
import { startRawServer } from './raw-server.ts'
import type { RawRequest, RawServer, RawServerOptions } from './raw-server.ts'

/** A raw server with a client for each test of a suite; both are closed after it. */
export interface WireFixture {
  readonly server: RawServer
  readonly client: WireClient
  /** Begins with a fresh server and client; what ran before in the same test is closed at its end. */
  start(answer: (request: RawRequest) => void, client?: WireOptions, server?: RawServerOptions): Promise<void>
}

export function wireFixture(): WireFixture {
  const started: Array<{ readonly server: RawServer; readonly client: WireClient }> = []
  function last(): { readonly server: RawServer; readonly client: WireClient } {
    const latest = started.at(-1)
    assert.ok(latest, 'start() comes first')
    return latest
  }
  afterEach(async () => {
    for (const { server, client } of started.splice(0)) {
      client.close()
      await server.close()
    }
  })
  return {
    get server() {
      return last().server
    },
    get client() {
      return last().client
    },
    async start(answer, clientOptions = {}, serverOptions = {}) {
      started.push({ server: await startRawServer(answer, serverOptions), client: createWireClient(clientOptions) })
    },
  }
}

/** A whole answer with a body of known length. */
export function ok(body: string, fields = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${fields}\r\n${body}`
}

/** Settles when the socket is closed on both sides, also by a reset. */
export async function closed(socket: Socket | undefined): Promise<void> {
  assert.ok(socket, 'the connection was never made')
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}
