import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runSluice, spawnSluice } from '../support/cli.ts'
import { ask, lines, objects } from '../support/ask-daemon.ts'
import { startDaemon, until } from '../support/daemon.ts'
import { content, startFileServer } from './file-server.ts'

/** What matters here of a line of `watch --json`. */
interface Told {
  readonly type: string
  readonly download?: { readonly id: string; readonly status: string }
}

const idLine = /^dl-[0-9a-f]{16}$/

test('add prints the id alone, and its options reach the download', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const args = ['add', `${files.url}/1000/x`, '-o', 'films/one.bin', '-d', 'new', '--priority', '8', '--paused']
  const [id = '', ...rest] = await lines(daemon, [...args, '--limit-rate', '2K', '--retries', '3'])
  assert.match(id, idLine)
  assert.deepEqual(rest, [])
  const { status, priority, filename, speedLimit, maxRetries } = await daemon.get(id)
  assert.deepEqual([status, priority, filename, speedLimit, maxRetries], ['paused', 8, 'one.bin', 2048, 3])
  await lines(daemon, ['limit', id, '0'])
  await lines(daemon, ['resume', id])
  await daemon.becomes(id, 'completed')
  assert.deepEqual(readFileSync(join(daemon.dir, 'new', 'films', 'one.bin')), content(1000))
})

test('a list is added in the order of its lines, wrong lines are told and leave the others alone', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const list = [`${files.url}/10/a[1-2].bin`, '# nothing', '', 'ftp://x/y', `${files.url}/20/b`, '  out=c.bin']
  const { code, stdout, stderr } = await ask(daemon, ['add', '-i', '-', '--priority', '3'], list.join('\n'))
  assert.equal(code, 2)
  const ids = stdout.split('\n').filter(Boolean)
  assert.equal(ids.length, 3)
  assert.match(stderr, /Line 4 of the list/)
  for (const id of ids) assert.equal((await daemon.becomes(id, 'completed')).priority, 3)
  for (const name of ['a1.bin', 'a2.bin', 'c.bin']) assert.ok(existsSync(join(daemon.dir, name)), name)
})

test('the same address again is added, left out or refused, as asked', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const url = `${files.url}/10/same`
  const [first] = await lines(daemon, ['add', url])
  const [skipped] = await objects(daemon, ['add', url, '--if-duplicate', 'skip'])
  assert.deepEqual([skipped?.['type'], skipped?.['id']], ['skipped', first])
  const refused = await ask(daemon, ['add', url, '--if-duplicate', 'fail'])
  assert.equal(refused.code, 8)
  const [again] = await lines(daemon, ['add', url, '--if-duplicate', 'add'])
  assert.notEqual(again, first)
})

test('downloads are paused, resumed, moved, cancelled, retried and removed by their ids', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const [id = ''] = await lines(daemon, ['add', `${files.url}/50000000/slow`, '--limit-rate', '100K'])
  await daemon.becomes(id, 'active')
  await lines(daemon, ['pause', id])
  await daemon.becomes(id, 'paused')
  assert.deepEqual(await objects(daemon, ['priority', id, '9']), [{ type: 'priority', id }])
  await lines(daemon, ['move', id, 'top'])
  await lines(daemon, ['resume', '--all'])
  assert.equal((await daemon.becomes(id, 'active')).priority, 9)
  assert.deepEqual(await objects(daemon, ['pause', '--all']), [{ type: 'paused', id }])
  await daemon.becomes(id, 'paused')
  await lines(daemon, ['cancel', id])
  await daemon.becomes(id, 'cancelled')
  await lines(daemon, ['retry', id])
  await daemon.becomes(id, 'active')
  await lines(daemon, ['limit', id, '0'])
  await daemon.becomes(id, 'completed')
  await lines(daemon, ['remove', '--delete-file', id])
  assert.equal(existsSync(join(daemon.dir, 'slow')), false)
  assert.equal((await daemon.list()).total, 0)
})

test('all downloads that it makes sense for are cancelled, retried or removed at once', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const [kept = ''] = await lines(daemon, ['add', `${files.url}/10/kept`])
  const failing = await lines(daemon, ['add', `${files.url}/missing/a`, `${files.url}/missing/b`])
  const waiting = await lines(daemon, ['add', '--paused', `${files.url}/10/c`, `${files.url}/10/d`])
  await daemon.becomes(kept, 'completed')
  for (const id of failing) await daemon.becomes(id, 'error')
  const ids = async (args: string[]): Promise<string[]> =>
    (await objects(daemon, args)).map((one) => String(one['id'])).toSorted()
  assert.deepEqual(await ids(['cancel', '--all']), waiting.toSorted())
  assert.deepEqual(await ids(['retry', '--all']), failing.toSorted())
  for (const id of failing) await daemon.becomes(id, 'error')
  assert.deepEqual(
    await ids(['remove', '--status', 'cancelled', '--status', 'error']),
    [...waiting, ...failing].toSorted(),
  )
  assert.equal((await ask(daemon, ['remove', '--all', kept])).code, 2)
  assert.deepEqual(await ids(['remove', '--all', '--delete-file']), [kept])
  assert.equal(existsSync(join(daemon.dir, 'kept')), false)
  assert.match((await ask(daemon, ['remove', '--all'])).stderr, /no download/)
})

test('what cannot be done is told, the rest is done, and the first failure gives the exit code', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const [id = ''] = await lines(daemon, ['add', '--paused', `${files.url}/10/a`])
  const { code, stdout, stderr } = await ask(daemon, ['cancel', 'dl-0000000000000000', id, '--json'])
  assert.equal(code, 9)
  const [failed, done] = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual([failed?.['type'], failed?.['id'], failed?.['code']], ['error', 'dl-0000000000000000', 'not-found'])
  assert.deepEqual(done, { type: 'cancelled', id })
  assert.match(stderr, /^dl-0000000000000000: /)
  const wrongState = await ask(daemon, ['pause', id])
  assert.equal(wrongState.code, 1)
  assert.match(wrongState.stderr, /\n {2}\S/)
})

test('list, history, stats and settings show the same to people and to programs', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  for (const name of ['alpha', 'beta']) {
    const [id = ''] = await lines(daemon, ['add', `${files.url}/2048/${name}.zip`])
    await daemon.becomes(id, 'completed')
  }
  const table = await lines(daemon, ['list', '--sort', 'name', '--desc'])
  assert.match(table[0] ?? '', /^ID +STATUS .*NAME$/)
  assert.match(table[1] ?? '', /completed +100% +2\.00 KiB .*beta\.zip$/)
  const listed = await objects(daemon, ['list', '--search', 'alpha'])
  assert.deepEqual(
    listed.map((one) => one['filename']),
    ['alpha.zip'],
  )
  const history = await objects(daemon, ['history', '--type', 'zip', '--sort', 'name'])
  assert.deepEqual(
    history.map((one) => one['filename']),
    ['alpha.zip', 'beta.zip'],
  )
  assert.equal((await lines(daemon, ['history'])).length, 3)
  assert.equal((await lines(daemon, ['history', '--until', '2020-01-01'])).length, 0)
  const csv = await lines(daemon, ['history', '--export', 'csv'])
  assert.equal(csv.length, 3)
  const exported = JSON.parse((await lines(daemon, ['history', '--export', 'json'])).join('\n')) as unknown
  assert.equal(JSON.stringify(exported).match(/"alpha\.zip"/g)?.length, 1)
  assert.match((await lines(daemon, ['stats'])).join('\n'), /All time: +2 files, 4\.00 KiB/)
  assert.equal((await objects(daemon, ['stats']))[0]?.['totalFiles'], 2)
})

test('history is found by host with and without port, size and any case, in part, and fetched or forgotten again', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const { host, hostname } = new URL(files.url)
  for (const [size, name] of [
    [10, 'one.ZIP'],
    [2048, '%C3%9Cbung.tar.gz'],
    [4096, '=SUM(1).csv'],
  ] as const) {
    const [id = ''] = await lines(daemon, ['add', `${files.url}/${size}/${name}`])
    await daemon.becomes(id, 'completed')
  }
  const found = async (...args: string[]): Promise<unknown[]> =>
    (await objects(daemon, ['history', '--sort', 'size', ...args])).map((one) => one['filename'])
  assert.deepEqual(await found('--host', hostname), ['one.ZIP', 'Übung.tar.gz', '=SUM(1).csv'])
  assert.deepEqual(await found('--host', host, '--limit', '1'), ['one.ZIP'])
  assert.deepEqual(await found('--host', `${hostname}:1`), [])
  assert.deepEqual(await found('--type', '.zip'), ['one.ZIP'])
  assert.deepEqual(await found('--search', 'übung'), ['Übung.tar.gz'])
  assert.deepEqual(await found('--min-size', '2K', '--max-size', '2047'), [])
  assert.deepEqual(await found('--min-size', '2K'), ['Übung.tar.gz', '=SUM(1).csv'])
  const csv = await lines(daemon, ['history', '--export', 'csv', '--sort', 'size', '--desc', '--limit', '2'])
  assert.deepEqual(
    csv.map((line) => line.split(',')[1]),
    ['filename', "'=SUM(1).csv", 'Übung.tar.gz'],
  )
  const [entry] = await objects(daemon, ['history', '--type', 'zip'])
  const id = String(entry?.['id'])
  const [again = ''] = await lines(daemon, ['history', 'redownload', id])
  assert.match(again, idLine)
  await daemon.becomes(again, 'completed')
  assert.equal((await ask(daemon, ['history', 'remove', id, 'dl-0000000000000000'])).code, 9)
  assert.deepEqual(
    (await objects(daemon, ['history', '--type', 'zip'])).map((one) => one['id']),
    [again],
  )
})

test('settings are read, changed and put back one by one', async (t) => {
  const daemon = await startDaemon(t)
  assert.ok((await lines(daemon, ['settings'])).includes('maxConcurrent = 4'))
  assert.deepEqual(await lines(daemon, ['settings', 'maxConcurrent', '7']), ['7'])
  assert.deepEqual(await lines(daemon, ['settings', 'speedLimit', '2m']), [String(2 * 1024 * 1024)])
  assert.deepEqual(await lines(daemon, ['settings', 'userAgent', '123']), ['123'])
  assert.deepEqual(await objects(daemon, ['settings', 'maxConcurrent']), [{ maxConcurrent: 7 }])
  assert.deepEqual(await lines(daemon, ['settings', '--reset', 'maxConcurrent']), ['4'])
  await lines(daemon, ['settings', '--reset'])
  assert.deepEqual(await lines(daemon, ['settings', 'speedLimit']), ['0'])
  const unknown = await ask(daemon, ['settings', 'maxConcurent', '2'])
  assert.equal(unknown.code, 2)
  assert.match(unknown.stderr, /Did you mean maxConcurrent\?/)
  assert.deepEqual(await lines(daemon, ['settings', 'autoStart', 'off']), ['false'])
  assert.deepEqual(await lines(daemon, ['settings', 'autoStart', 'yes']), ['true'])
  for (const [key, value, said] of [
    ['maxConcurrent', '99', /maxConcurrent: .*at most 32/],
    ['maxConcurrent', 'many', /maxConcurrent: .*a number/],
    ['autoStart', 'perhaps', /autoStart: .*true or false/],
    ['clearCompleted', '24h', /clearCompleted: .*0, 1, 24/],
    ['headers', 'A: b', /headers: .*a list/],
  ] as const) {
    const { code, stdout, stderr } = await ask(daemon, ['settings', key, value])
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, said)
  }
})

test('watch in a pipe begins with what has not ended', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const [done = ''] = await lines(daemon, ['add', `${files.url}/10/done`])
  await daemon.becomes(done, 'completed')
  const [paused = ''] = await lines(daemon, ['add', '--paused', `${files.url}/10/waits`])
  const watching = await spawnSluice(['watch'], { env: { SLUICE_URL: daemon.origin } })
  const first = (): string | undefined => /^.*\n/.exec(watching.output().stdout)?.[0]
  assert.match(await until(first, 60_000, () => watching.output().stderr), new RegExp(`${paused} +paused +waits\n$`))
  watching.child.kill('SIGINT')
  const { code, stdout } = await watching.ended
  assert.equal(code, 130)
  assert.doesNotMatch(stdout, new RegExp(done))
})

test('a failure before anything else is an event for programs too, and flags may stand before the command', async (t) => {
  const daemon = await startDaemon(t)
  const address = daemon.origin.replace('http://', '')
  const listed = await runSluice(['--json', '--url', address, 'stats'])
  assert.equal(listed.code, 0, listed.stderr)
  assert.equal((JSON.parse(listed.stdout) as Record<string, unknown>)['totalFiles'], 0)
  await daemon.stop()
  for (const args of [['list'], ['add', 'http://127.0.0.1/x'], ['watch'], ['history', '--export', 'csv']]) {
    const { code, stdout, stderr } = await ask(daemon, [...args, '--json'])
    assert.equal(code, 3, stderr)
    const { type, code: named, hint, retryable } = JSON.parse(stdout) as Record<string, unknown>
    assert.deepEqual([type, named, typeof hint, retryable], ['error', 'connect-refused', 'string', true])
    assert.equal((await ask(daemon, args)).stdout, '')
  }
})

test('watch tells what happens as it happens, and goes on after a restart of the daemon', async (t) => {
  await using files = await startFileServer()
  const daemon = await startDaemon(t)
  const port = new URL(daemon.origin).port
  const { child, output, ended } = await spawnSluice(['watch', '--json'], { env: { SLUICE_URL: daemon.origin } })
  const events = (): Array<Told> =>
    output()
      .stdout.split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Told)
  const seen = (type: string): Promise<unknown> =>
    until(
      () => events().find((event) => event.type === type),
      60_000,
      () => output().stdout + output().stderr,
    )
  await seen('snapshot')
  const [id] = await lines(daemon, ['add', `${files.url}/10/a`])
  const completed = (): unknown =>
    events().find((event) => event.download?.id === id && event.download?.status === 'completed')
  await until(completed, 60_000, () => output().stdout)
  await daemon.stop()
  await seen('disconnected')
  await daemon.restart(['--port', port])
  const before = events().length
  await lines(daemon, ['settings', 'maxConcurrent', '3'])
  await until(
    () =>
      events()
        .slice(before)
        .find((event) => event.type !== 'disconnected'),
    60_000,
    () => output().stdout,
  )
  child.kill('SIGINT')
  assert.equal((await ended).code, 130)
})

test('without an address the daemon of the data folder is found; a token is asked for and given', async (t) => {
  const token = 'a-token-of-thirty-two-characters'
  const daemon = await startDaemon(t, { env: { SLUICE_TOKEN: token } })
  const env = { SLUICE_DATA_DIR: daemon.dataDir }
  const refused = await runSluice(['list'], { env })
  assert.equal(refused.code, 4)
  assert.match(refused.stderr, /SLUICE_TOKEN/)
  const wrong = await runSluice(['list'], { env: { ...env, SLUICE_TOKEN: 'another-token-of-thirty-two-char' } })
  assert.equal(wrong.code, 4)
  assert.doesNotMatch(wrong.stderr + wrong.stdout, /another-token/)
  const allowed = await runSluice(['list', '--json'], { env: { ...env, SLUICE_TOKEN: token } })
  assert.equal(allowed.code, 0, allowed.stderr)
  await daemon.stop()
  const stopped = await runSluice(['list'], { env })
  assert.equal(stopped.code, 3)
})
