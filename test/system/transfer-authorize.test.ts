import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { SluiceError } from '../../src/core/errors.ts'
import { createEngineThread } from '../../src/transfer/engine-thread.ts'
import { createEngine } from '../../src/transfer/engine.ts'
import type { FileRequest, Finished } from '../../src/transfer/types.ts'
import type { Authorize } from '../../src/wire/types.ts'
import { drip } from '../support/slow-answer.ts'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { FileServer, TransferLab } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const challenge = 'Bearer realm="http://127.0.0.1:1/token",service="test",scope="repository:a/b:pull"'

function fetchFrom(
  lab: TransferLab,
  reference: string,
  authorize: Authorize,
  more: Partial<FileRequest> = {},
  signal?: AbortSignal,
): Promise<Finished> {
  const request = { reference, dir: lab.dir, digests: [], mirrors: [], ...more }
  return lab.engine.get(request, { authorize, ...(signal ? { signal } : {}) })
}

/** What `authorize` was asked. */
type Asked = Array<Parameters<Authorize>[0]>

/** Gives token 1, then 2 and so on, as often as the last was refused. */
function tokens(asked: Asked): Authorize {
  let number = 1
  return async (refused) => {
    asked.push(refused)
    if (refused?.value === `Bearer ${number}`) number++
    return `Bearer ${number}`
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(401, { 'WWW-Authenticate': challenge, 'Content-Type': 'application/json' }).end('{"errors":[]}')
}

const tokenOf = (request: IncomingMessage): number =>
  Number(/^Bearer (\d+)$/.exec(request.headers.authorization ?? '')?.[1])

/** A registry that leads to another server with the bytes; `before` may answer in place of it. */
async function registryAndCdn(
  t: TestContext,
  body: Buffer,
  before: (request: IncomingMessage, response: ServerResponse) => boolean,
): Promise<{ readonly registry: FileServer; readonly cdn: FileServer }> {
  const cdn = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const registry = await startFileServer(t, (request, response) => {
    if (!before(request, response)) response.writeHead(307, { Location: cdn.url('/data?sig=1') }).end()
  })
  return { registry, cdn }
}

for (const [where, create] of [
  ['', createEngine],
  [', in a thread', createEngineThread],
] as const) {
  test(
    `authorize is asked before the first request and after a 401, and its value goes nowhere else${where}`,
    within,
    async (t) => {
      const body = content(3 * MiB)
      const { registry, cdn } = await registryAndCdn(t, body, (request, response) => {
        const refused = tokenOf(request) < 2
        if (refused) refuse(response)
        return refused
      })
      const lab = await openLab(t, { headers: [['Authorization', 'Basic of-the-user']] }, create)
      const asked: Asked = []
      const address = registry.url('/blob').replace('http://', 'http://user:word@')
      const finished = await fetchFrom(lab, address, tokens(asked), { output: 'blob' })
      assert.equal(finished.bytes, body.length)
      assert.ok(lab.read('blob').equals(body))
      assert.deepEqual(asked, [null, { value: 'Bearer 1', challenges: [challenge] }])
      assert.deepEqual(
        registry.seen.map(({ headers }) => headers.authorization),
        ['Bearer 1', 'Bearer 2'],
      )
      for (const { headers } of cdn.seen) assert.equal(headers.authorization, undefined)
    },
  )

  test(`what authorize rejects with ends the file, or is tried again${where}`, within, async (t) => {
    const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(1000) }))
    const lab = await openLab(t, { retries: 2 }, create)
    const refused = new SluiceError('realm-refused', 'The realm is not to be trusted.')
    await assert.rejects(
      fetchFrom(lab, server.url('/a'), () => Promise.reject(refused)),
      { code: 'realm-refused', message: refused.message, hint: refused.hint },
    )
    let calls = 0
    await fetchFrom(lab, server.url('/b'), () =>
      ++calls === 1
        ? Promise.reject(new SluiceError('http-server-error', 'The token server fails.'))
        : Promise.resolve('Bearer 1'),
    )
    assert.equal(calls, 2)
    assert.equal(server.seen.length, 1)
  })

  test(`interrupting ends the wait for authorize, and tells it${where}`, within, async (t) => {
    const server = await startFileServer(t, (_request, response) => response.end('x'))
    const lab = await openLab(t, {}, create)
    const controller = new AbortController()
    const begun = Promise.withResolvers<AbortSignal | undefined>()
    const running = fetchFrom(
      lab,
      server.url('/f'),
      (_refused, signal) => {
        begun.resolve(signal)
        return new Promise(() => {})
      },
      {},
      controller.signal,
    )
    const signal = await begun.promise
    assert.equal(signal?.aborted, false)
    controller.abort()
    await assert.rejects(running, { code: 'interrupted' })
    for (let i = 0; i < 200 && !signal?.aborted; i++) await delay(5)
    assert.equal(signal?.aborted, true)
    assert.equal(server.seen.length, 0)
  })
}

test('null is no Authorization at all, and after a 401 the end', within, async (t) => {
  const server = await startFileServer(t, (_request, response) => refuse(response))
  const lab = await openLab(t, { retries: 5 })
  const asked: Asked = []
  const running = fetchFrom(lab, server.url('/f').replace('http://', 'http://user:word@'), async (refused) => {
    asked.push(refused)
    return null
  })
  await assert.rejects(running, { code: 'http-unauthorized', status: 401 })
  assert.deepEqual(asked, [null, { value: null, challenges: [challenge] }])
  assert.deepEqual(
    server.seen.map(({ headers }) => headers.authorization),
    [undefined],
  )
})

test('the value that was refused is not sent again', within, async (t) => {
  const server = await startFileServer(t, (_request, response) => refuse(response))
  const lab = await openLab(t)
  await assert.rejects(
    fetchFrom(lab, server.url('/f'), async () => 'Bearer same'),
    { code: 'http-unauthorized' },
  )
  assert.equal(server.seen.length, 1)
})

test('after the third new value in a row without a byte it is over', within, async (t) => {
  const server = await startFileServer(t, (_request, response) => refuse(response))
  const lab = await openLab(t, { retries: 5 })
  const asked: Asked = []
  await assert.rejects(fetchFrom(lab, server.url('/f'), tokens(asked)), { code: 'http-unauthorized' })
  assert.equal(server.seen.length, 4)
  assert.equal(asked.length, 4)
})

test('all challenges are handed over, each field as it came', within, async (t) => {
  const fields = ['Basic realm="a"', 'Bearer realm="http://127.0.0.1/t", service="s"']
  const server = await startFileServer(t, (request, response) =>
    request.headers.authorization === undefined
      ? response
          .writeHead(
            401,
            [
              ['WWW-Authenticate', fields[0]],
              ['WWW-Authenticate', fields[1]],
            ].flat() as string[],
          )
          .end()
      : serve(request, response, { body: content(1000) }),
  )
  const lab = await openLab(t)
  const asked: Asked = []
  await fetchFrom(lab, server.url('/f'), async (refused) => {
    asked.push(refused)
    return refused ? 'Basic abc' : null
  })
  assert.deepEqual(asked, [null, { value: null, challenges: fields }])
})

test(
  'a redirect within the origin carries it, a mirror and a server that redirects there do not',
  within,
  async (t) => {
    const body = content(1000)
    const mirror = await startFileServer(t, (request, response) => serve(request, response, { body }))
    const server = await startFileServer(t, (request, response) => {
      if (request.url === '/f') return response.writeHead(302, { Location: '/g' }).end()
      if (request.url === '/g') return serve(request, response, { body })
      return response.writeHead(404).end()
    })
    const lab = await openLab(t)
    await fetchFrom(lab, server.url('/f'), async () => 'Bearer 1', { output: 'one' })
    assert.deepEqual(
      server.seen.map(({ path, headers }) => [path, headers.authorization]),
      [
        ['/f', 'Bearer 1'],
        ['/g', 'Bearer 1'],
      ],
    )
    await fetchFrom(lab, server.url('/none'), async () => 'Bearer 1', { output: 'two', mirrors: [mirror.url('/m')] })
    assert.deepEqual(
      mirror.seen.map(({ headers }) => headers.authorization),
      [undefined],
    )
  },
)

test(
  'a token that expires while many connections are at work is renewed once, and nothing is lost',
  within,
  async (t) => {
    const body = content(16 * MiB)
    let valid = 1
    let refused = 0
    const server = await startFileServer(t, (request, response, count) => {
      if (count === 4) valid = 2
      if (tokenOf(request) === valid) return drip(request, response, body, 5)
      refused++
      return refuse(response)
    })
    const lab = await openLab(t, { connections: 8, retries: 0 })
    const asked: Asked = []
    const give = tokens(asked)
    const events: string[] = []
    const finished = await lab.engine.get(
      {
        reference: server.url('/f'),
        dir: lab.dir,
        digests: [sha256(body)],
        mirrors: [],
        size: body.length,
      },
      {
        async authorize(value) {
          const given = await give(value)
          // Meanwhile other connections are refused as well.
          if (value) for (let i = 0; i < 400 && refused < 3; i++) await delay(5)
          return given
        },
        onEvent: ({ type }) => events.push(type),
      },
    )
    assert.equal(finished.verdict, 'verified')
    assert.deepEqual(asked, [null, { value: 'Bearer 1', challenges: [challenge] }])
    assert.ok(refused >= 3, `${refused}`)
    assert.ok(!events.includes('retry') && !events.includes('warning'))
  },
)

test('connections that wait for a token are no failure of the file, however long it takes', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) =>
    tokenOf(request) === 2 ? serve(request, response, { body }) : refuse(response),
  )
  const lab = await openLab(t, { stallTimeout: 100, connectTimeout: 100, retries: 0 })
  const give = tokens([])
  const finished = await fetchFrom(lab, server.url('/f'), async (refused) => {
    await delay(700)
    return give(refused)
  })
  assert.equal(finished.bytes, body.length)
})

test('a cached target that refuses is left for the original, which gets the authorization again', within, async (t) => {
  const body = content(6 * MiB)
  let ticket = 0
  const cdn = await startFileServer(t, (request, response, count) => {
    if (request.url !== `/data?t=${ticket}`) return response.writeHead(403).end('<Error>ExpiredRequest</Error>')
    if (count === 1) ticket++
    return serve(request, response, { body, ...(count === 1 ? { cutAfter: 2 * MiB } : {}) })
  })
  const registry = await startFileServer(t, (request, response, count) => {
    if (tokenOf(request) !== (count === 1 ? 1 : 2)) return refuse(response)
    if (ticket === 0) ticket = 1
    return response.writeHead(307, { Location: cdn.url(`/data?t=${ticket}`) }).end()
  })
  const lab = await openLab(t, { connections: 1, retries: 1 })
  const asked: Asked = []
  await fetchFrom(lab, registry.url('/blob'), tokens(asked), { digests: [sha256(body)], size: body.length })
  assert.ok(lab.read('blob').equals(body))
  assert.deepEqual(
    registry.seen.map(({ headers }) => headers.authorization),
    ['Bearer 1', 'Bearer 1', 'Bearer 2'],
  )
  assert.equal(cdn.seen.at(-1)?.headers.range, `bytes=${2 * MiB}-${6 * MiB - 1}`)
  for (const { headers } of cdn.seen) assert.equal(headers.authorization, undefined)
  assert.equal(asked.length, 2)
})

test('a paused file goes on with a token that came in the meantime', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t)
  const give = Promise.withResolvers<string>()
  const key = 'dl-00000000000000a1'
  const running = fetchFrom(lab, server.url('/f'), () => give.promise, { key, options: { limitRate: 512 * 1024 } })
  await delay(50)
  assert.equal((await lab.engine.inspect(key))?.connections[0]?.state, 'waiting')
  lab.engine.adjust(key, { limitRate: 64 * MiB })
  give.resolve('Bearer 1')
  assert.equal((await running).bytes, body.length)
})
