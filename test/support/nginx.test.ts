import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { text } from 'node:stream/consumers'
import { readAccessLog, startNginx } from './nginx.ts'

test('a real nginx serves a folder over http and https, logs requests and is gone after stop', async () => {
  const files = await mkdtemp(join(tmpdir(), 'sluice-files-'))
  await writeFile(join(files, 'a.txt'), 'abcdef')
  const server = await startNginx({ files, tls: true, extraLocations: 'location = /gone { return 410; }' })
  try {
    const part = await fetch(`${server.http}/a.txt`, { headers: { range: 'bytes=2-3' } })
    assert.deepEqual([part.status, await part.text()], [206, 'cd'])
    assert.equal((await fetch(`${server.http}/gone`)).status, 410)
    assert.equal(await overTls(`${server.https}/a.txt`, await readFile(server.cert, 'utf8')), 'abcdef')

    const log = await readAccessLog(server)
    assert.deepEqual(
      log.slice(0, 1).map(({ method, uri, status, bytes, range }) => ({ method, uri, status, bytes, range })),
      [{ method: 'GET', uri: '/a.txt', status: 206, bytes: 2, range: 'bytes=2-3' }],
    )
  } finally {
    await server.stop()
    await rm(files, { recursive: true })
  }
  await assert.rejects(fetch(server.http))
})

async function overTls(url: string, ca: string): Promise<string> {
  return new Promise((fulfil, reject) => {
    get(url, { ca, agent: false }, (response) => {
      text(response).then(fulfil, reject)
    }).on('error', reject)
  })
}
