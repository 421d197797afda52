import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProxyServer } from '../../test/support/proxy-server.ts'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../../test/support/transfer-lab.ts'

test('a file with a digest comes through a proxy, whose buffers nobody wants back', { timeout: 30_000 }, async (t) => {
  const body = content(8 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const proxy = await startProxyServer()
  t.after(() => proxy.close())
  const lab = await openLab(t, { proxy: `http://127.0.0.1:${proxy.port}` })
  const { verdict } = await lab.get(server.url('/f.bin'), { digests: [sha256(body)] })
  assert.equal(verdict, 'verified')
  assert.ok(lab.read('f.bin').equals(body))
  assert.ok(proxy.asked.length > 0)
})
