import assert from 'node:assert/strict'
import dns from 'node:dns'
import { afterEach, describe, it, mock } from 'node:test'
import { makeCertificate } from '../../test/faults/certificate.ts'
import type { FrozenPort } from '../../test/support/frozen-port.ts'
import { freezePort } from '../../test/support/frozen-port.ts'
import { receive } from '../../test/support/receive.ts'
import { ok, wireFixture } from '../../test/support/wire-fixture.ts'

type Answer = (error: NodeJS.ErrnoException | null, addresses?: dns.LookupAddress[] | string, family?: number) => void

/** Makes names resolve to the given addresses. */
function resolveTo(...addresses: string[]): void {
  const list = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  mock.method(dns, 'lookup', (_name: string, options: dns.LookupOptions, answer: Answer) => {
    const fitting = list.filter(({ family }) => !options.family || options.family === family)
    const first = fitting[0]
    process.nextTick(() => {
      if (first === undefined) answer(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }))
      else if (options.all === true) answer(null, fitting)
      else answer(null, first.address, first.family)
    })
  })
}

describe('the wire client connects', () => {
  const wire = wireFixture()
  let frozen: FrozenPort | undefined

  afterEach(() => {
    mock.restoreAll()
    frozen?.close()
    frozen = undefined
  })

  const named = (port: number): URL => new URL(`http://files.example:${port}/`)

  it('to the address that lives when another family is dead, and says which', async () => {
    await wire.start(({ socket }) => socket.write(ok('x')))
    resolveTo('::1', '127.0.0.1')
    const { head } = await receive(wire.client, named(wire.server.port)).answer
    assert.equal(head.remoteAddress, '127.0.0.1')
  })

  it('to the address that lives over TLS too', async () => {
    const certificate = await makeCertificate('DNS:files.example')
    await wire.start(({ socket }) => socket.write(ok('x')), { ca: certificate.cert }, { tls: certificate })
    resolveTo('::1', '127.0.0.2', '127.0.0.1')
    const url = new URL(`https://files.example:${wire.server.port}/`)
    const { head } = await receive(wire.client, url).answer
    assert.equal(head.remoteAddress, '127.0.0.1')
  })

  it('to an IPv6 literal, with brackets in Host', async (context) => {
    let request = ''
    try {
      await wire.start(
        ({ socket, head }) => {
          request = head
          socket.write(ok('x'))
        },
        {},
        { host: '::1' },
      )
    } catch {
      context.skip('this machine has no IPv6')
      return
    }
    const { head } = await receive(wire.client, wire.server.url('/')).answer
    assert.equal(head.remoteAddress, '::1')
    assert.ok(request.includes(`\r\nHost: [::1]:${wire.server.port}\r\n`))
  })

  it('only with the asked family', async () => {
    await wire.start(({ socket }) => socket.write(ok('x')), { family: 6 })
    resolveTo('127.0.0.1')
    await assert.rejects(receive(wire.client, named(wire.server.port)).answer, { code: 'dns' })
    await wire.start(({ socket }) => socket.write(ok('x')), { family: 4 })
    resolveTo('::1', '127.0.0.1')
    await receive(wire.client, named(wire.server.port)).answer
  })

  it('and names a refusal', async () => {
    await wire.start(() => undefined)
    const url = wire.server.url('/')
    await wire.server.close()
    await wire.start(() => undefined)
    await assert.rejects(receive(wire.client, url).answer, {
      code: 'connect-refused',
      message: `127.0.0.1:${url.port} refused the connection.`,
    })
    resolveTo('127.0.0.1', '127.0.0.2')
    await assert.rejects(receive(wire.client, named(Number(url.port))).answer, { code: 'connect-refused' })
  })

  it('and names an unknown host', async () => {
    await wire.start(() => undefined)
    resolveTo()
    await assert.rejects(receive(wire.client, named(80)).answer, {
      code: 'dns',
      message: 'The address of files.example was not found: the name is not known.',
    })
  })

  it('and gives up a name server that stays silent', async () => {
    await wire.start(() => undefined, { connectTimeout: 100 })
    mock.method(dns, 'lookup', () => undefined)
    await assert.rejects(receive(wire.client, named(80)).answer, { code: 'dns' })
  })

  it('and gives up a host that stays silent', async () => {
    await wire.start(() => undefined, { connectTimeout: 200 })
    frozen = await freezePort('127.0.0.1')
    const began = performance.now()
    await assert.rejects(receive(wire.client, new URL(`http://127.0.0.1:${frozen.port}/`)).answer, {
      code: 'connect-timeout',
      message: `127.0.0.1:${frozen.port} did not accept a connection within 0.2 s.`,
    })
    const took = performance.now() - began
    assert.ok(took >= 195 && took < 20_000, `took ${took} ms`)
  })

  it('with more patience when the quick round over all addresses found nobody', async () => {
    await wire.start(() => undefined)
    frozen = await freezePort('127.0.0.2')
    // The frozen address is left after a moment, the other one refuses; only the second round finds the thawed one.
    resolveTo('127.0.0.2', '127.0.0.1')
    const { answer } = receive(wire.client, named(frozen.port))
    const { port, thaw } = frozen
    setTimeout(thaw, 500)
    const { head, body } = await answer
    assert.deepEqual([head.remoteAddress, body.toString(), port], ['127.0.0.2', 'thawed', frozen.port])
  })
})
