import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { lines } from '../support/ask-daemon.ts'
import { runSluice } from '../support/cli.ts'
import { startDaemon, until } from '../support/daemon.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startFileServer } from './file-server.ts'

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

test('serve that cannot begin says why and fails', async (t) => {
  const folder = temporaryFolder(t)
  const usual = ['serve', '--no-open', '--port', '0']
  const at = (name: string): string[] => [`--${name}`, join(folder, name)]
  for (const [args, expected] of [
    [[...at('dir'), ...at('data-dir'), '--cacert', join(folder, 'none.pem')], 2],
    // A file system that takes no folder at all.
    [['--dir', '/proc/none', ...at('data-dir')], 6],
    [[...at('dir'), '--data-dir', '/proc/none'], 6],
  ] as const) {
    const { code, stdout, stderr } = await runSluice([...usual, ...args])
    assert.deepEqual([code, stdout], [expected, ''], args.join(' '))
    assert.match(stderr, /^sluice: \S.*\n {2}\S/)
  }
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

test('doctor goes on where the configuration is wrong, and tells that, a dead proxy and a missing token', async (t) => {
  const daemon = await startDaemon(t, { env: { SLUICE_TOKEN: 'a-token-of-thirty-two-characters' } })
  const config = join(temporaryFolder(t), 'c.toml')
  writeFileSync(config, 'jobs = = 8')
  const { code, stdout, stderr } = await runSluice(['doctor', '--dir', daemon.dir], {
    env: { SLUICE_DATA_DIR: daemon.dataDir, SLUICE_CONFIG: config, HTTP_PROXY: 'http://u:secret@127.0.0.1:1' },
  })
  assert.equal(code, 1, stderr)
  assert.match(stdout, /^problem +configuration .*line 1/m)
  assert.match(stdout, /^problem +proxy +HTTP_PROXY=http:\/\/127\.0\.0\.1:1 cannot be reached/m)
  assert.match(stdout, /^warning +daemon .*asks for its token/m)
  assert.match(stdout, /^ok +database /m)
  assert.doesNotMatch(stdout, /secret/)
})
