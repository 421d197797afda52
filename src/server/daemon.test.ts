import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { fakeManager, keptLog } from '../../test/support/fake-manager.ts'
import type { FakeManager } from '../../test/support/fake-manager.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { SluiceError } from '../core/errors.ts'
import { serve, startDaemon } from './daemon.ts'
import type { Daemon } from './daemon.ts'

interface Served extends Daemon {
  readonly dataDir: string
  readonly manager: FakeManager
  readonly log: ReturnType<typeof keptLog>
}

async function served(t: TestContext, port = 0, manager = fakeManager(), host = '127.0.0.1'): Promise<Served> {
  const dataDir = temporaryFolder(t)
  const log = keptLog()
  const daemon = await serve(manager, { port, host, dataDir, log, version: '1', allow: [], token: undefined })
  t.after(() => daemon.close())
  return { ...daemon, dataDir, manager, log }
}

/** A port that something else listens on. */
async function busyPort(t: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

async function socketTo(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** All that the server sends until it closes. */
async function answerTo(t: TestContext, port: number, request: string): Promise<string> {
  const socket = await socketTo(t, port)
  let text = ''
  socket.on('data', (bytes) => (text += bytes.toString()))
  socket.write(request)
  await once(socket, 'close')
  return text
}

async function until(what: string, isTrue: () => boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`${what}: not within 10 s`)
    await new Promise((done) => setTimeout(done, 5))
  }
}

const options = { port: 0, dir: '/nowhere/files', dataDir: '/nowhere/data', version: '1' }

describe('startDaemon', () => {
  it('says so where the data folder cannot be made', async (t) => {
    const file = join(temporaryFolder(t), 'file')
    await writeFile(file, '')
    await assert.rejects(startDaemon({ ...options, host: '127.0.0.1', dataDir: join(file, 'data') }), (error) => {
      assert.ok(error instanceof SluiceError)
      assert.deepEqual([error.code, /--data-dir/.test(error.hint)], ['disk-permission', true])
      return true
    })
  })

  for (const [what, more, message] of [
    ['an address that others can reach without a token', { host: '0.0.0.0' }, /token/],
    ['a name that others may reach without a token', { host: 'files.example' }, /token/],
    ['a token that could be guessed', { host: '127.0.0.1', token: 'short' }, /16/],
    ['a token that no header can carry', { host: '127.0.0.1', token: 'with blanks in the token' }, /blanks/],
  ] as const) {
    it(`refuses ${what} before anything is opened`, async () => {
      await assert.rejects(startDaemon({ ...options, ...more }), (error) => {
        assert.ok(error instanceof SluiceError)
        assert.equal(error.code, 'usage')
        assert.match(error.message, message)
        return true
      })
      assert.ok(!existsSync('/nowhere'))
    })
  }
})

describe('a daemon', () => {
  it('answers on the port that it tells', async (t) => {
    const { url, port, note } = await served(t)
    assert.equal(url, `http://127.0.0.1:${port}`)
    assert.equal(note, null)
    const response = await fetch(`${url}/api/health`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.equal((await fetch(`${url}/api/downloads`, { method: 'HEAD' })).status, 200)
  })

  it('takes another port where the one asked for is busy, and says so', async (t) => {
    const busy = await busyPort(t)
    const { url, port, note } = await served(t, busy)
    assert.notEqual(port, busy)
    assert.equal(note, `Port ${busy} is busy, using ${port}.`)
    assert.equal((await fetch(`${url}/api/health`)).status, 200)
  })

  it('says plainly that an address is not one of this machine', async (t) => {
    await assert.rejects(served(t, 0, fakeManager(), '192.0.2.1'), (error) => {
      assert.ok(error instanceof SluiceError)
      assert.equal(error.code, 'usage')
      assert.match(error.message, /192\.0\.2\.1:0 \(EADDRNOTAVAIL\)/)
      return true
    })
  })

  it('leaves its address for the command line, readable for its owner only, and takes it away in the end', async (t) => {
    const { url, dataDir, close } = await served(t)
    const path = join(dataDir, 'daemon.json')
    const file = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
    assert.deepEqual([file['url'], file['pid']], [url, process.pid])
    assert.ok(Date.parse(String(file['startedAt'])) > 0)
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    await close()
    assert.ok(!existsSync(path))
  })

  it('leaves the file of a later daemon of the same folder alone', async (t) => {
    const first = await served(t)
    const log = keptLog()
    const later = await serve(fakeManager(), {
      port: 0,
      host: '127.0.0.1',
      dataDir: first.dataDir,
      log,
      version: '1',
      allow: [],
      token: undefined,
    })
    t.after(() => later.close())
    await first.close()
    assert.match(await readFile(join(first.dataDir, 'daemon.json'), 'utf8'), new RegExp(String(later.port)))
  })

  it('closes the manager once, ends streams of events, and takes nothing more', async (t) => {
    const { url, manager, close } = await served(t)
    const events = await fetch(`${url}/api/events`)
    const reading = events.text()
    await Promise.all([close(), close()])
    assert.match(await reading, /event: snapshot/)
    assert.deepEqual(manager.calls, [['close']])
    await assert.rejects(fetch(`${url}/api/health`))
  })

  it('closes even where the manager does not', async (t) => {
    const { close, log } = await served(t, 0, fakeManager({ close: () => new Promise(() => undefined) }))
    const start = performance.now()
    await close()
    assert.ok(performance.now() - start < 20_000)
    assert.deepEqual(log.lines.at(-1)?.[0], 'warn')
  })
})

describe('what comes over a socket', () => {
  const head = (port: number, more: string): string =>
    `POST /api/download/add HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`

  it('is refused with 413 as soon as a larger body is announced', async (t) => {
    const { port, manager } = await served(t)
    const text = await answerTo(t, port, head(port, `Content-Length: ${1024 * 1024 + 1}`))
    assert.match(text, /^HTTP\/1\.1 413 [^]*"code":"too-large"/)
    assert.deepEqual(manager.calls, [])
  })

  it('is refused with 413 as soon as more than 1 MiB has come in chunks', async (t) => {
    const { port } = await served(t)
    const socket = await socketTo(t, port)
    socket.write(head(port, 'Transfer-Encoding: chunked'))
    const piece = `10000\r\n${' '.repeat(65_536)}\r\n`
    for (let i = 0; i < 17; i++) socket.write(piece)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    assert.match(bytes.toString(), /^HTTP\/1\.1 413 /)
  })

  it('is not refused for an expectation that is not known', async (t) => {
    const { port } = await served(t)
    const fields = `Host: 127.0.0.1:${port}\r\nExpect: wonders\r\nConnection: close`
    assert.match(await answerTo(t, port, `GET /api/health HTTP/1.1\r\n${fields}\r\n\r\n`), /^HTTP\/1\.1 200 /)
  })

  it('is told that no compressed body is taken', async (t) => {
    const { url, manager } = await served(t)
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
    const response = await fetch(`${url}/api/download/add`, { method: 'POST', headers, body: 'x' })
    assert.equal(response.status, 400)
    assert.match(await response.text(), /compressed/)
    assert.deepEqual(manager.calls, [])
  })

  it('may be 32 MiB of lines, and no more', async (t) => {
    const { url, manager } = await served(t)
    const send = (size: number): Promise<Response> =>
      fetch(`${url}/api/downloads/batch`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: ' '.repeat(size),
      })
    assert.equal((await send(32 * 1024 * 1024)).status, 200)
    assert.equal(manager.calls.length, 1)
    assert.equal((await send(32 * 1024 * 1024 + 1)).status, 413)
    assert.equal(manager.calls.length, 1)
  })

  for (const [what, status, request] of [
    ['a target that is no path', 400, 'GET x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'],
    ['no Host', 400, 'GET / HTTP/1.0\r\n\r\n'],
    ['no Host in HTTP/1.1', 400, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['no HTTP', 400, 'hello\r\n\r\n'],
    ['two lengths', 400, head(0, 'Content-Length: 4\r\nTransfer-Encoding: chunked')],
    ['endless header fields', 431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ] as const) {
    it(`is refused with a problem as the fault of the client where it has ${what}`, async (t) => {
      const { port, log } = await served(t)
      const [fields = '', body = ''] = (await answerTo(t, port, request)).split('\r\n\r\n')
      assert.match(fields, new RegExp(`^HTTP/1\\.1 ${status} [^]*application/problem\\+json`))
      assert.equal((JSON.parse(body) as { status: number }).status, status)
      assert.deepEqual(
        log.lines.filter(([level]) => level === 'error'),
        [],
      )
    })
  }

  it('is refused where the target names another host than the Host field', async (t) => {
    const { port } = await served(t)
    const request = `GET http://evil.example/api/downloads HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`
    assert.match(await answerTo(t, port, request), /^HTTP\/1\.1 (?:403|400) /)
  })

  it('does no harm when it breaks off in the middle of a body', async (t) => {
    const { url, port, log, manager } = await served(t)
    const socket = await socketTo(t, port)
    socket.write(`${head(port, 'Content-Length: 1000')}{"url":`)
    socket.destroy()
    await once(socket, 'close')
    assert.equal((await fetch(`${url}/api/health`)).status, 200)
    assert.deepEqual(manager.calls, [])
    assert.deepEqual(
      log.lines.filter(([level]) => level === 'error'),
      [],
    )
  })

  it('is let go when it reads no events, and nothing more is kept for it', async (t) => {
    const { port, manager } = await served(t)
    const socket = await socketTo(t, port)
    socket.pause()
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
    await until('the reader listens', () => manager.listeners === 1)
    const message = 'x'.repeat(256 * 1024)
    // What the kernel holds for a socket comes on top of the 1 MiB that the daemon does.
    for (let i = 0; i < 200 && manager.listeners > 0; i++) {
      manager.emit({ type: 'warning', id: null, code: 'test', message })
      await new Promise((done) => setImmediate(done))
    }
    assert.equal(manager.listeners, 0)
  })

  it('leaves the events when it hangs up', async (t) => {
    const { port, manager } = await served(t)
    const socket = await socketTo(t, port)
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
    await until('nobody listens', () => manager.listeners === 0)
  })

  it('ends what takes long by hanging up', async (t) => {
    const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const manager = fakeManager({
      verifyModel: (_name, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            reject(new SluiceError('interrupted', 'It was interrupted.'))
            ended.resolve()
          })
          begun.resolve()
        }),
    })
    const { url } = await served(t, 0, manager)
    const stop = new AbortController()
    const answer = fetch(`${url}/api/models/any/verify`, { method: 'POST', signal: stop.signal })
    await begun.promise
    stop.abort()
    await assert.rejects(answer)
    await ended.promise
  })

  it('gets a cut answer where an export breaks off', async (t) => {
    const manager = fakeManager({
      async *exportHistory() {
        yield 'one'
        throw new SluiceError('database', 'It is gone.')
      },
    })
    const { url, log } = await served(t, 0, manager)
    await assert.rejects(fetch(`${url}/api/history/export`).then((response) => response.text()))
    assert.equal(log.lines.filter(([level]) => level === 'error').length, 1)
  })
})
