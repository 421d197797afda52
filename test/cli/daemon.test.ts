import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runSluice, spawnSluice } from '../support/cli.ts'
import type { CliResult } from '../support/cli.ts'
import { startDaemon, until } from '../support/daemon.ts'
import type { Daemon } from '../support/daemon.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { content, startFileServer } from './file-server.ts'

/** What matters here of a line of `watch --json`. */
interface Told {
  readonly type: string
  readonly download?: { readonly id: string; readonly status: string }
}

const idLine = /^dl-[0-9a-f]{16}$/

/** Runs a command against the daemon. */
function ask(daemon: Daemon, args: readonly string[], stdin = ''): Promise<CliResult> {
  return runSluice(args, { env: { SLUICE_URL: daemon.origin }, stdin })
}

/** The same, for one that must end well; gives the lines of stdout. */
async function lines(daemon: Daemon, args: readonly string[], stdin = ''): Promise<string[]> {
  const { code, stdout, stderr } = await ask(daemon, args, stdin)
  assert.equal(code, 0, `sluice ${args.join(' ')}: ${stderr}`)
  return stdout.split('\n').filter(Boolean)
}

async function objects(daemon: Daemon, args: readonly string[]): Promise<Array<Record<string, unknown>>> {
  return (await lines(daemon, [...args, '--json'])).map((line) => JSON.parse(line) as Record<string, unknown>)
}

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
  assert.equal((await ask(daemon, ['settings', 'maxConcurrent', '99'])).code, 2)
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

test('serve prints its address, says when its port was taken, and ends well on each signal', async (t) => {
  const daemon = await startDaemon(t)
  const taken = new URL(daemon.origin).port
  const second = await startDaemon(t, { flags: ['--port', taken] })
  assert.notEqual(second.origin, daemon.origin)
  assert.match(second.said(), new RegExp(`Port ${taken} is busy`))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const { code, seconds } = await second.stop(signal)
    assert.equal(code, 0, signal)
    assert.ok(seconds < 10, `${seconds} s`)
    assert.equal(existsSync(join(second.dataDir, 'daemon.json')), false)
    await second.restart(['--port', '0'])
  }
  assert.match(second.said(), /^Sluice runs on http:\/\/127\.0\.0\.1:\d+$/m)
})

test('serve refuses what is not safe, and a second daemon for the same data', async (t) => {
  const open = await runSluice(['serve', '--host', '0.0.0.0', '--port', '0', '--no-open'])
  assert.equal(open.code, 2)
  assert.match(open.stderr, /token/)
  const daemon = await startDaemon(t)
  const again = await runSluice(['serve', '--port', '0', '--no-open', '--data-dir', daemon.dataDir])
  assert.equal(again.code, 1)
  assert.equal(again.stdout, '')
})

test('the level of the log is what the flag says, whatever the settings say', async (t) => {
  const daemon = await startDaemon(t, { flags: ['--log-level', 'debug'] })
  await lines(daemon, ['settings', 'logLevel', 'error'])
  await lines(daemon, ['stats'])
  const logged = (): string | undefined => /"path":"\/api\/statistics"/.exec(daemon.said())?.[0]
  await until(logged, 60_000, () => daemon.said())
})

test('serve runs a program after each download, its words as they are given', async (t) => {
  await using files = await startFileServer()
  const folder = temporaryFolder(t)
  const script = 'fs.writeFileSync(process.argv[1], JSON.stringify(process.argv.slice(2)))'
  const word = `$(touch ${folder}/never); "a b"`
  const flags = ['--on-complete', process.execPath]
  for (const one of ['-e', script, join(folder, 'words'), word]) flags.push('--on-complete-arg', one)
  const daemon = await startDaemon(t, { flags })
  await lines(daemon, ['add', `${files.url}/10/a`])
  const words = (): string | undefined =>
    existsSync(join(folder, 'words')) ? readFileSync(join(folder, 'words'), 'utf8') || undefined : undefined
  const written = await until(words, 60_000, () => daemon.said())
  assert.equal((JSON.parse(written) as string[])[0], word)
  assert.equal(existsSync(join(folder, 'never')), false)
})

test('doctor finds the running daemon, and a problem is exit 1', async (t) => {
  const daemon = await startDaemon(t)
  const env = { SLUICE_DATA_DIR: daemon.dataDir }
  const fine = await runSluice(['doctor', '--json', '--dir', daemon.dir], { env })
  assert.equal(fine.code, 0, fine.stdout)
  assert.equal(fine.stderr, '')
  const findings = fine.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, string>)
  const message = (topic: string): string => findings.find((one) => one['topic'] === topic)?.['message'] ?? ''
  assert.match(message('daemon'), new RegExp(`runs at ${daemon.origin}, version`))
  assert.match(message('database'), /downloads\.db, .*in use/)
  assert.match(message('runtime'), /^Node /)
  await daemon.stop()
  const stopped = await runSluice(['doctor', '--dir', daemon.dir], { env })
  assert.equal(stopped.code, 0, stopped.stdout)
  assert.equal(stopped.stderr, '')
  assert.match(stopped.stdout, /downloads\.db, .*whole/)
  const wrong = await runSluice(['doctor'], { env: { ...env, SLUICE_URL: daemon.origin } })
  assert.equal(wrong.code, 1)
  assert.match(wrong.stdout, /^problem +daemon /m)
})
