import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { runSluice, spawnSluice } from '../support/cli.ts'
import type { RunningCli } from '../support/cli.ts'
import { content, startFileServer } from './file-server.ts'
import type { FileServer } from './file-server.ts'

const KiB = 1024
let files: FileServer
let cwd: string

before(async () => {
  files = await startFileServer()
})
after(() => files[Symbol.asyncDispose]())
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'sluice-get-'))
})
afterEach(() => rm(cwd, { recursive: true }))

function sha256(size: number): string {
  return createHash('sha256').update(content(size)).digest('hex')
}

async function right(path: string, size: number): Promise<void> {
  assert.ok((await readFile(join(cwd, path))).equals(content(size)), path)
}

/** Resolves when the running command has written this to stderr or stdout. */
async function said({ child, output }: RunningCli, what: RegExp): Promise<void> {
  while (!what.test(output().stderr + output().stdout)) {
    assert.equal(child.exitCode, null, 'ended too early')
    await new Promise((done) => setTimeout(done, 20))
  }
}

test('a file lands under its name; its path stands alone on stdout, the verdict on stderr; again is already there', async () => {
  const args = ['get', '-d', 'd', '--sha256', sha256(100 * KiB), `${files.url}/102400/a.bin`]
  const first = await runSluice(args, { cwd })
  assert.deepEqual([first.code, first.stdout], [0, 'd/a.bin\n'])
  assert.match(first.stderr, /^a\.bin: 100\.00 KiB in .*, verified \(sha256\)$/m)
  await right('d/a.bin', 100 * KiB)
  const second = await runSluice(args, { cwd })
  assert.deepEqual([second.code, second.stdout], [0, 'd/a.bin\n'])
  assert.match(second.stderr, /already there/)
})

test('several references: one failure stops nobody, the first in order decides the exit code, and all are summed up', async () => {
  const { code, stdout, stderr } = await runSluice(
    [
      'get',
      `${files.url}/1/one`,
      `${files.url}/missing`,
      'http://127.0.0.1:1/refused',
      `${files.url}/5000/two`,
      '--retries',
      '0',
    ],
    { cwd },
  )
  assert.equal(code, 4)
  assert.deepEqual(stdout.trimEnd().split('\n').sort(), ['one', 'two'])
  assert.match(stderr, /\/missing: .*404/)
  assert.match(stderr, /^4 files: 2 completed .*, 2 failed/m)
  await right('two', 5000)
})

test('a list is read from a file name or stdin, with its options, blanks and comments', async () => {
  const list = [
    '# some files',
    '',
    `${files.url}/1/first`,
    '  out=sub/named',
    `${files.url}/5000/second`,
    '\tdir=elsewhere',
    `  checksum=sha-256=${sha256(5000)}`,
    `${files.url}/missing`,
    `${files.url}/9/bad`,
    `  checksum=sha-256=${sha256(1)}`,
    `${files.url}/7/third`,
  ].join('\n')
  const { code, stdout, stderr } = await runSluice(['get', '-d', 'd', '-i', '-'], { cwd, stdin: list })
  assert.equal(code, 4, stderr)
  assert.deepEqual(stdout.trimEnd().split('\n').sort(), ['d/sub/named', 'd/third', 'elsewhere/second'])
  await right('elsewhere/second', 5000)
  assert.ok(!(await readdir(join(cwd, 'd'))).includes('bad'))
})

test('JSON is one object a line with the events of the contract, secrets left out', async () => {
  const reference = `${files.url.replace('//', '//user:secret@')}/102400/a.bin`
  const { code, stdout, stderr } = await runSluice(['get', '--json', reference, `${files.url}/missing`], { cwd })
  assert.equal(code, 4)
  assert.doesNotMatch(stdout + stderr, /secret/)
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))
  const ofType = (type: string): Record<string, unknown> | undefined => events.find((event) => event['type'] === type)
  assert.equal(ofType('start')?.['bytesTotal'], 102_400)
  const { seconds, ...completed } = ofType('completed') ?? {}
  assert.ok(typeof seconds === 'number' && seconds > 0)
  const known = {
    reference: `${files.url}/102400/a.bin`,
    path: 'a.bin',
    bytes: 102_400,
    verdict: 'length-only',
    digests: {},
    alreadyThere: false,
  }
  assert.deepEqual(completed, { type: 'completed', ...known })
  const error = ofType('error')
  assert.deepEqual(
    [error?.['reference'], error?.['code'], error?.['retryable']],
    [`${files.url}/missing`, 'http-not-found', false],
  )
  assert.deepEqual(Object.keys(error ?? {}), ['type', 'reference', 'code', 'message', 'hint', 'retryable'])
  const { seconds: _, ...summary } = events.at(-1) ?? {}
  assert.deepEqual(summary, { type: 'summary', files: 2, completed: 1, failed: 1, bytes: 102_400, exitCode: 4 })
})

test('a dry run tells the size and writes nothing', async () => {
  const { code, stdout } = await runSluice(['get', '--dry-run', '-d', 'd', `${files.url}/67108864/big`], { cwd })
  assert.equal(code, 0)
  assert.match(stdout, /^big\n {2}size: +64\.00 MiB \(67108864 bytes\)\n/)
  assert.deepEqual(await readdir(cwd), [])
})

test('--quiet says nothing of what goes well', async () => {
  const { code, stdout, stderr } = await runSluice(['get', '-q', `${files.url}/1/a`], { cwd })
  assert.deepEqual([code, stdout, stderr], [0, 'a\n', ''])
})

test('a reader of stdout that goes away does not disturb the downloads', async () => {
  const running = await spawnSluice(['get', `${files.url}/1/a`, `${files.url}/1/b`, '-j', '1'], { cwd })
  running.child.stdout?.destroy()
  assert.equal((await running.ended).code, 0)
  await right('b', 1)
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} keeps the part, says how to go on, exits 130, and the same line goes on`, async () => {
    const line = ['get', '-x', '1', `${files.url}/4194304/a.bin`]
    const running = await spawnSluice([...line, '--limit-rate', '1m', '--json'], { cwd })
    await said(running, /"bytesDone":[1-9]/)
    running.child.kill(signal)
    const { code, stdout, stderr } = await running.ended
    assert.equal(code, 130)
    assert.match(stderr, /^Interrupted: .* of 4\.00 MiB kept\. Run the same line again to go on\.$/m)
    assert.match(stdout, /"type":"summary".*"exitCode":130/)
    const again = await runSluice([...line, '--json'], { cwd })
    assert.equal(again.code, 0)
    assert.match(again.stdout, /"resumedFrom":[1-9]/)
    await right('a.bin', 4_194_304)
  })
}

test('an interrupt also ends the wait for a list that never ends', async () => {
  const running = await spawnSluice(['get', '-i', '/dev/zero', `${files.url}/1/a`], { cwd })
  await said(running, /^a: .*length only/m)
  running.child.kill('SIGINT')
  assert.equal((await running.ended).code, 130)
})
