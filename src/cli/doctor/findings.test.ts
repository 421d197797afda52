import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { readConfiguration } from './configuration.ts'
import { folderFindings } from './folders.ts'
import { leftoverFindings } from './leftovers.ts'
import { certificateFindings, portFinding } from './network.ts'
import { postgresFindings } from './postgres.ts'
import { proxyFindings } from './proxies.ts'
import { runtimeFindings } from './runtime.ts'
import { sqliteFindings } from './sqlite.ts'

/** A port of this machine with somebody behind it, or with nobody. */
async function listening(t: TestContext, closed = false): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise((done) => server.close(done))
  if (closed) await close()
  else t.after(close)
  return port
}

test('an old Node and one without SQLite are problems', () => {
  const levels = (node: string, sqlite?: string): string[] =>
    runtimeFindings({ node, ...(sqlite === undefined ? {} : { sqlite }) }).map(({ level }) => level)
  assert.deepEqual(levels('26.10.0', '3.53.0'), ['ok', 'ok', 'ok'])
  assert.deepEqual(levels('24.15.0', '3.53.0'), ['ok', 'ok', 'ok'])
  assert.deepEqual(levels('24.14.9', '3.53.0'), ['ok', 'problem', 'ok'])
  assert.deepEqual(levels('26.0.0'), ['ok', 'ok', 'problem'])
})

test('a proxy that answers is shown without its credentials', async (t) => {
  const port = await listening(t)
  const env = { HTTPS_PROXY: `http://user:secret@127.0.0.1:${port}`, no_proxy: 'localhost' }
  const found = await proxyFindings(env, `socks5://other:secret@127.0.0.1:${port}`)
  assert.deepEqual(
    found.map(({ level, message }) => [level, message.replace(/[^=]*@/, '')]),
    [
      ['ok', `proxy in the configuration file=socks5://127.0.0.1:${port}`],
      ['ok', `HTTPS_PROXY=http://127.0.0.1:${port}`],
      ['ok', 'no_proxy=localhost'],
    ],
  )
  assert.doesNotMatch(JSON.stringify(found), /secret/)
  assert.match((await proxyFindings({}, undefined))[0]?.message ?? '', /none/)
})

test('a proxy that is no address, or that nobody answers at, is a problem', async (t) => {
  const closed = await listening(t, true)
  for (const value of ['http://', 'ftp://proxy:1', `user:secret@127.0.0.1:${closed}`]) {
    const [found] = await proxyFindings({ http_proxy: value }, undefined)
    assert.equal(found?.level, 'problem', value)
    assert.doesNotMatch(JSON.stringify(found), /secret/)
  }
})

test('a certificate file that is missing is a problem, a check that is off a warning', async () => {
  const found = await certificateFindings({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, '/no/such.pem')
  assert.deepEqual(
    found.map(({ level }) => level),
    ['problem', 'warning'],
  )
})

test('whatever is wrong in the configuration file or in a variable is told, and the rest counts', async (t) => {
  const file = join(temporaryFolder(t), 'config.toml')
  const read = async (text: string, env: Record<string, string> = {}) => {
    await writeFile(file, text, { mode: 0o600 })
    const configuration = await readConfiguration(file, env)
    return { configuration, said: configuration.findings.map(({ level, message }) => `${level} ${message}`) }
  }
  assert.deepEqual((await read('')).said, [`ok ${file}`])
  assert.match((await read('jobs = 8\njobs = ')).said.join(), /^problem .* is not valid TOML: line 2: /)
  assert.match((await read('job = 8')).said.join(), /^problem .* has the key "job"/)
  const wrong = await read('jobs = 99\nport = 9000\nproxy = "http://p:1"', { SLUICE_RETRIES: 'many', SLUICE_PORT: '7' })
  assert.deepEqual(
    wrong.said.map((text) => text.replace(/: .*/, '')),
    [`ok ${file}`, `problem jobs in ${file}`, 'problem SLUICE_RETRIES'],
  )
  assert.equal(wrong.configuration.number('port'), 7)
  assert.equal(wrong.configuration.text('proxy'), 'http://p:1')
  assert.equal(wrong.configuration.text('database'), undefined)
  assert.match((await readConfiguration(join(file, 'none'), {})).findings[0]?.message ?? '', /none is needed/)
})

test('a token that others can read in the configuration file is warned of', async (t) => {
  const file = join(temporaryFolder(t), 'config.toml')
  await writeFile(file, 'token = "0123456789abcdef"')
  await chmod(file, 0o644)
  const [found] = (await readConfiguration(file, {})).findings
  assert.equal(found?.level, 'warning')
  assert.doesNotMatch(JSON.stringify(found), /0123456789abcdef/)
})

test('a PostgreSQL that cannot be reached is a problem, told without its password', async (t) => {
  const closed = await listening(t, true)
  for (const address of [
    `postgres://me:secret@127.0.0.1:${closed}/sluice`,
    `postgres://me:secret%zz@127.0.0.1:${closed}/sluice`,
    'mysql://me:secret@127.0.0.1/x',
  ]) {
    const [found] = await postgresFindings(address)
    assert.equal(found?.level, 'problem')
    assert.doesNotMatch(JSON.stringify(found), /secret/)
  }
})

test('a port that is taken is told, a free one too', async (t) => {
  assert.equal((await portFinding(await listening(t))).level, 'warning')
  assert.equal((await portFinding(await listening(t, true))).level, 'ok')
})

test('a folder is right where it, or the one above it, can be written; a file in its place is a problem', async (t) => {
  const folder = temporaryFolder(t)
  await writeFile(join(folder, 'file'), '')
  const paths = { data: join(folder, 'a', 'b'), cache: join(folder, 'file'), config: join(folder, 'none.toml') }
  const found = await folderFindings(paths, folder)
  assert.deepEqual(
    found.map(({ topic, level }) => [topic, level]),
    [
      ['data folder', 'ok'],
      ['cache folder', 'problem'],
      ['downloads', 'ok'],
      ['free space', 'ok'],
    ],
  )
})

test('a whole database is told from a damaged one and from none', async (t) => {
  const folder = temporaryFolder(t)
  assert.match((await sqliteFindings(folder, false))[0]?.message ?? '', /none yet/)
  const file = join(folder, '.history', 'downloads.db')
  await mkdir(join(folder, '.history'))
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE a (b TEXT)')
  database.close()
  await chmod(file, 0o600)
  const whole = await sqliteFindings(folder, false)
  assert.deepEqual(
    whole.map(({ level }) => level),
    ['ok'],
  )
  assert.match(whole[0]?.message ?? '', /whole/)
  await chmod(file, 0o644)
  assert.equal((await sqliteFindings(folder, false))[1]?.level, 'warning')
  await writeFile(file, 'This is no database at all, but long enough to be taken for one. '.repeat(100), {})
  assert.equal((await sqliteFindings(folder, false))[0]?.level, 'problem')
  assert.match((await sqliteFindings(folder, true))[0]?.message ?? '', /in use/)
})

test('parts are listed with their sizes, those without a session as nobody’s', async (t) => {
  const folder = temporaryFolder(t)
  assert.match((await leftoverFindings(folder))[0]?.message ?? '', /no parts/)
  assert.match((await leftoverFindings(join(folder, 'missing')))[0]?.message ?? '', /no parts/)
  const below = join(folder, 'films')
  const session = join(below, '.staging', 'dl-0123456789abcdef')
  await mkdir(session, { recursive: true })
  await writeFile(join(below, 'good.iso.part'), 'x'.repeat(2048))
  await writeFile(join(session, 'session.json'), JSON.stringify({ version: 1, part: 'good.iso.part' }))
  await mkdir(join(below, '.staging', 'dl-1111111111111111'))
  await writeFile(join(below, '.staging', 'dl-1111111111111111', 'session.json'), '{"dama')
  await writeFile(join(folder, 'lost.iso.part'), 'x')
  const found = await leftoverFindings(folder)
  assert.deepEqual(
    found.map(({ level }) => level),
    ['ok', 'warning'],
  )
  assert.match(found[0]?.message ?? '', /films.good\.iso\.part, 2\.00 KiB, can be resumed/)
  assert.match(found[1]?.message ?? '', /lost\.iso\.part, 1 B: nothing/)
})
