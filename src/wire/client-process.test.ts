import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { ok, wireFixture } from '../../test/support/wire-fixture.ts'

const program = (url: URL): string => `
import { createWireClient } from ${JSON.stringify(new URL('client.ts', import.meta.url).href)}
createWireClient({}).get({ url: new URL('${url.href}'), headers: [] }, {
  head() {},
  data() {},
  end() { process.stdout.write(JSON.stringify(process.moduleLoadList)) },
  fail(error) { throw error },
})`

describe('the wire client in a process', () => {
  const wire = wireFixture()

  it('does not keep it alive with idle connections, and loads neither TLS nor another HTTP client for http URLs', async () => {
    await wire.start(({ socket }) => socket.write(ok('x')))
    const child = spawn(process.execPath, ['--input-type=module', '-e', program(wire.server.url('/'))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()))
    const began = performance.now()
    const [code] = await once(child, 'close')
    assert.equal(code, 0)
    assert.ok(performance.now() - began < 10_000, 'an idle connection lives 15 seconds')
    const loaded: unknown = JSON.parse(printed)
    assert.ok(Array.isArray(loaded))
    assert.deepEqual(
      loaded.filter((name) => /^NativeModule (tls|http|https|_http_client|internal\/deps\/undici\/undici)$/.test(name)),
      [],
    )
  })
})
