import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { getOptions } from '../../config/options.ts'
import { resolveSettings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/errors.ts'
import type { EngineOptions, FileRequest, Finished } from '../../transfer/types.ts'
import { parseArguments } from '../args.ts'
import type { Output } from '../print/output.ts'
import { runGet } from './get.ts'
import type { GetEngine } from './get.ts'

interface Run {
  readonly code: number
  readonly stdout: string[]
  readonly stderr: string[]
  readonly requests: FileRequest[]
  readonly options: EngineOptions | undefined
  readonly closed: boolean
}

/** Runs the command against an engine that fails references of the form `fail:CODE` and finishes all others. */
async function run(args: string[], { stdin = '', broken = false } = {}): Promise<Run> {
  const [stdout, stderr, requests]: [string[], string[], FileRequest[]] = [[], [], []]
  let options: EngineOptions | undefined
  let closed = false
  const engine: GetEngine = {
    async get(request, { onEvent } = {}) {
      requests.push(request)
      const { reference } = request
      const code = /fail:([a-z-]+)/.exec(reference)?.[1]
      // Later references fail sooner.
      for (let wait = 10 - requests.length; wait > 0; wait--) await new Promise((done) => setImmediate(done))
      if (code !== undefined) throw new SluiceError(code as ErrorCode, `It is ${code}.`)
      const path = `${request.dir}/${request.output ?? 'name'}`
      onEvent?.({ type: 'start', id: 7, reference, url: reference, path, bytesTotal: 5, resumedFrom: 0 })
      const finished: Finished = {
        reference,
        path,
        bytes: 5,
        seconds: 1,
        verdict: 'length-only',
        digests: {},
        alreadyThere: false,
      }
      onEvent?.({ type: 'completed', id: 7, ...finished })
      return finished
    },
    async preview({ reference }) {
      return { reference, url: reference, filename: 'name', size: 5, type: null, resumable: true, digestKnown: false }
    },
    async close() {
      closed = true
    },
  }
  const output = (lines: string[]): Output => ({
    line: (text) => lines.push(text),
    raw: (text) => lines.push(text),
    flush: async () => {},
    problem: () => undefined,
    gone: () => false,
  })
  const { flags, positionals } = parseArguments(args, getOptions)
  const settings = resolveSettings(getOptions, { flags, env: {}, file: new Map(), filePath: '' })
  const code = await runGet(settings, positionals, {
    screen: {
      out: output(stdout),
      err: output(stderr),
      outIsTerminal: false,
      live: false,
      size: () => ({ columns: 80, rows: 24 }),
      now: () => performance.now(),
    },
    stdin: () => Readable.from([Buffer.from(stdin)]),
    dataDir: '/data',
    cwd: '/work',
    async createEngine(given) {
      options = given
      if (broken) throw new SluiceError('disk-permission', 'No.')
      return engine
    },
  })
  return { code, stdout, stderr, requests, options, closed }
}

test('the exit code is that of the first failure in the order of the references, and all others run', async () => {
  const { code, stdout, stderr, closed } = await run(['-d', 'd', 'ok', 'fail:http-not-found', 'fail:dns', 'ok2'])
  assert.equal(code, 4)
  assert.deepEqual(stdout, ['d/name', 'd/name'])
  assert.match(stderr.at(-1) ?? '', /^4 files: 2 completed .*, 2 failed/)
  assert.ok(closed)
  assert.equal((await run(['ok'])).code, 0)
})

test('references of a list follow those of the line; a wrong line costs exit code 2 and nothing else', async () => {
  const stdin = 'b\n out=sub/x\n checksum=md5:00\nc\tm1\tm2\n dir=/abs\n'
  const { code, stdout, requests } = await run(['-d', 'd', '-i', '-', 'a'], { stdin })
  assert.equal(code, 2)
  assert.deepEqual(
    requests.map(({ reference, dir, mirrors }) => [reference, dir, mirrors]),
    [
      ['a', 'd', []],
      ['c', '/abs', ['m1', 'm2']],
    ],
  )
  assert.deepEqual(stdout.sort(), ['/abs/name', 'd/name'])
})

test('folders in the name become folders', async () => {
  const places: Array<[string[], string, string]> = [
    [['-o', 'x', 'a'], '.', 'x'],
    [['-d', 'd', '-o', 'sub/x', 'a'], 'd/sub', 'x'],
    [['-d', 'd', '-o', '/abs/x', 'a'], '/abs', 'x'],
    [['-d', 'd', '-o', '../x', 'a'], '.', 'x'],
  ]
  for (const [args, dir, output] of places) {
    const [request] = (await run(args)).requests
    assert.deepEqual([request?.dir, request?.output], [dir, output])
  }
})

test('paths are printed as the folder was given', async () => {
  assert.deepEqual((await run(['-d', 'd', 'a'])).stdout, ['d/name'])
  assert.deepEqual((await run(['-d', '/some/d', 'a'])).stdout, ['/some/d/name'])
})

test('what makes no sense together is refused before the engine is loaded', async () => {
  const hex = '0'.repeat(64)
  const wrong = [
    [],
    [''],
    ['-o', 'x', 'a', 'b'],
    ['--sha256', hex, 'a', 'b'],
    ['--checksum', `sha256:${hex}`, 'a', 'b'],
    ['--mirror', 'm', 'a', 'b'],
    ['-o', 'x', '-i', '-'],
    ['-o', 'x/', 'a'],
    ['-o', '..', 'a'],
    ['-o', '-', 'a'],
    ['-4', '-6', 'a'],
  ]
  for (const args of wrong) {
    await assert.rejects(run(args), (error) => error instanceof SluiceError && error.exitCode === 2, args.join(' '))
  }
})

test('all digests and mirrors of a single file reach the engine', async () => {
  const [sha, md5] = ['a'.repeat(64), 'b'.repeat(32)]
  const [request] = (await run(['--sha256', sha, '--checksum', `MD5:${md5}`, '--mirror', 'm1', '--mirror', 'm2', 'a']))
    .requests
  assert.deepEqual(request?.digests, [
    { algorithm: 'sha256', hex: sha },
    { algorithm: 'md5', hex: md5 },
  ])
  assert.deepEqual(request?.mirrors, ['m1', 'm2'])
})

test('the settings reach the engine in its own units, and absent ones stay absent', async () => {
  const plain = {
    connectTimeout: 30_000,
    stallTimeout: 30_000,
    headers: [],
    retries: 5,
    ifExists: 'rename',
    ifChanged: 'fail',
    insecure: false,
    family: 0,
    allowPrivate: false,
    allowHtml: false,
    dataDir: '/data',
    sync: true,
  }
  assert.deepEqual((await run(['a'])).options, plain)
  const flags =
    '-x 3 --limit-rate 1k --timeout 2 --connect-timeout 3 --stall-timeout 0.5 --retries 0 --user-agent U --referer R --cookie-file C'
  const more =
    '--proxy socks5://p:1 --cacert P --insecure -6 --allow-private --allow-html --if-changed restart --if-exists skip --no-sync -H A:b'
  assert.deepEqual((await run([...flags.split(' '), ...more.split(' '), 'a'])).options, {
    connections: 3,
    limitRate: 1024,
    overallTimeout: 2000,
    connectTimeout: 3000,
    stallTimeout: 500,
    retries: 0,
    userAgent: 'U',
    referer: 'R',
    cookieFile: 'C',
    proxy: 'socks5://p:1',
    cacert: 'P',
    insecure: true,
    family: 6,
    allowPrivate: true,
    allowHtml: true,
    ifChanged: 'restart',
    ifExists: 'skip',
    sync: false,
    headers: [['A', 'b']],
    dataDir: '/data',
  })
})

test('--insecure is warned about every time, even with --quiet', async () => {
  assert.match((await run(['--insecure', '-q', 'a'])).stderr[0] ?? '', /^Warning: --insecure/)
})

test('--json always ends with one summary, also when nothing could begin', async () => {
  for (const [args, options] of [
    [['a'], {}],
    [['fail:tls'], {}],
    [['a'], { broken: true }],
    [['-i', '-'], {}],
    [['-i', '/none/list'], {}],
  ] as const) {
    const { stdout, code } = await run(['--json', ...args], options)
    const types = stdout.map((line): string => JSON.parse(line).type)
    assert.equal(types.filter((type) => type === 'summary').length, 1)
    assert.equal(types.at(-1), 'summary')
    assert.equal(JSON.parse(stdout.at(-1) ?? '').exitCode, code)
    assert.equal(types.includes('error'), code !== 0)
  }
  assert.equal((await run(['a'], { broken: true })).code, 6)
  assert.equal((await run(['-i', '/none/list'])).code, 2)
})

test('a dry run asks and fetches nothing', async () => {
  const text = await run(['--dry-run', 'a'])
  assert.equal(text.stdout[0], 'name')
  assert.deepEqual(text.requests, [])
  const [start, summary] = (await run(['--dry-run', '--json', 'a'])).stdout.map((line): Record<string, unknown> =>
    JSON.parse(line),
  )
  assert.deepEqual(start, {
    type: 'start',
    dryRun: true,
    reference: 'a',
    url: 'a',
    filename: 'name',
    size: 5,
    resumable: true,
    digestKnown: false,
    contentType: null,
  })
  assert.equal(summary?.['completed'], 1)
})

test('an empty list is done at once and says so', async () => {
  const { code, stderr } = await run(['-i', '-'], { stdin: '# nothing\n' })
  assert.equal(code, 0)
  assert.match(stderr.join(), /list has no reference/)
})
