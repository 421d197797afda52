import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { databaseFindings } from './database.ts'
import { folderFindings } from './folders.ts'
import { leftoverFindings } from './leftovers.ts'
import { networkFindings, portFinding } from './network.ts'
import { runtimeFindings } from './runtime.ts'

test('an old Node and one without SQLite are problems', () => {
  const levels = (node: string, sqlite?: string): string[] =>
    runtimeFindings({ node, ...(sqlite === undefined ? {} : { sqlite }) }).map(({ level }) => level)
  assert.deepEqual(levels('26.10.0', '3.53.0'), ['ok', 'ok', 'ok'])
  assert.deepEqual(levels('24.15.0', '3.53.0'), ['ok', 'ok', 'ok'])
  assert.deepEqual(levels('24.14.9', '3.53.0'), ['ok', 'problem', 'ok'])
  assert.deepEqual(levels('26.0.0'), ['ok', 'ok', 'problem'])
})

test('proxies are shown without their credentials', async () => {
  const env = { HTTPS_PROXY: 'http://user:secret@proxy:3128', no_proxy: 'localhost', http_proxy: 'other:secret@p:1' }
  const [proxy] = await networkFindings(env)
  assert.match(proxy?.message ?? '', /HTTPS_PROXY=http:\/\/.*proxy:3128/)
  assert.match(proxy?.message ?? '', /no_proxy=localhost/)
  assert.doesNotMatch(JSON.stringify(proxy), /secret/)
})

test('a certificate file that is missing is a problem, a check that is off a warning', async () => {
  const found = await networkFindings({ SLUICE_CACERT: '/no/such.pem', NODE_TLS_REJECT_UNAUTHORIZED: '0' })
  assert.deepEqual(
    found.map(({ level }) => level),
    ['ok', 'problem', 'warning'],
  )
})

test('a port that is taken is told, a free one too', async () => {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  assert.equal((await portFinding(port)).level, 'warning')
  await new Promise((closed) => server.close(closed))
  assert.equal((await portFinding(port)).level, 'ok')
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
      ['configuration', 'ok'],
      ['downloads', 'ok'],
      ['free space', 'ok'],
    ],
  )
})

test('a whole database is told from a damaged one and from none', async (t) => {
  const folder = temporaryFolder(t)
  assert.match((await databaseFindings(folder, false))[0]?.message ?? '', /none yet/)
  const file = join(folder, '.history', 'downloads.db')
  await mkdir(join(folder, '.history'))
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE a (b TEXT)')
  database.close()
  await chmod(file, 0o600)
  const whole = await databaseFindings(folder, false)
  assert.deepEqual(
    whole.map(({ level }) => level),
    ['ok'],
  )
  assert.match(whole[0]?.message ?? '', /whole/)
  await chmod(file, 0o644)
  assert.equal((await databaseFindings(folder, false))[1]?.level, 'warning')
  await writeFile(file, 'This is no database at all, but long enough to be taken for one. '.repeat(100), {})
  assert.equal((await databaseFindings(folder, false))[0]?.level, 'problem')
  assert.match((await databaseFindings(folder, true))[0]?.message ?? '', /in use/)
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
