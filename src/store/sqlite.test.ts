import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { source, startNode } from '../../test/support/node-child.ts'
import { testStore } from '../../test/support/store-conformance.ts'
import type { StorePlace } from '../../test/support/store-conformance.ts'
import { anyQuery, download, entry } from '../../test/support/store-samples.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openStore } from './open-store.ts'
import type { Store } from './types.ts'

async function open(t: TestContext, dataDir: string): Promise<Store> {
  const store = await openStore({ dataDir })
  t.after(() => store.close())
  return store
}

async function makePlace(t: TestContext): Promise<StorePlace> {
  const dataDir = temporaryFolder(t)
  return {
    open: () => open(t, dataDir),
    run(statements) {
      const database = new DatabaseSync(databaseIn(dataDir))
      database.exec(statements)
      database.close()
    },
  }
}

function databaseIn(dataDir: string): string {
  return join(dataDir, '.history', 'downloads.db')
}

testStore('sqlite', makePlace)

test('only the user can read the folder of the history and every file in it', async (t) => {
  const dataDir = temporaryFolder(t)
  const folder = join(dataDir, '.history')
  mkdirSync(folder, { mode: 0o755 })
  writeFileSync(databaseIn(dataDir), '', { mode: 0o644 })
  const store = await open(t, dataDir)
  await store.insertDownloads([download('dl-1')])
  const names = readdirSync(folder)
  for (const name of ['downloads.db', 'downloads.db-wal', 'downloads.db-shm', 'lock'])
    assert.ok(names.includes(name), name)
  for (const name of names) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(store.description, `sqlite ${databaseIn(dataDir)}`)
})

test('a closed store has left everything in the one file', async (t) => {
  const dataDir = temporaryFolder(t)
  const store = await open(t, dataDir)
  await store.insertDownloads([download('dl-1')])
  await store.close()
  assert.equal(existsSync(`${databaseIn(dataDir)}-wal`), false)
})

test('kill -9 in the middle of writes loses nothing that was acknowledged, and frees the store', async (t) => {
  const dataDir = temporaryFolder(t)
  const child = startNode(
    t,
    `import { openStore } from ${source('store/open-store.ts')}
     const store = await openStore({ dataDir: ${JSON.stringify(dataDir)} })
     const row = ${JSON.stringify(download('dl-'))}
     const entry = ${JSON.stringify(entry('dl-'))}
     for (let number = 1; ; number++) {
       const id = 'dl-' + number
       await store.insertDownloads([{ ...row, id, position: number }])
       const done = { ...row, id, position: number, status: 'completed' }
       await store.recordEnds([{ download: done, entry: { ...entry, id }, localDate: '2026-03-01' }])
       process.stdout.write(number + '\\n')
     }`,
  )
  let acknowledged = 0
  while (acknowledged < 50) acknowledged = Number(await child.line())
  await assert.rejects(openStore({ dataDir }), { code: 'already-running' })
  await child.kill()
  const store = await open(t, dataDir)
  const loaded = await store.loadDownloads()
  assert.ok(loaded.length >= acknowledged)
  assert.ok(loaded.slice(0, acknowledged).every(({ status }) => status === 'completed'))
  const { total } = await store.queryHistory(anyQuery)
  const { totalFiles } = await store.figures('2026-03-01')
  assert.ok(total >= acknowledged && total <= loaded.length)
  assert.equal(totalFiles, total)
  assert.equal((await store.queryHistory({ ...anyQuery, search: 'a.zip' })).total, total)
})

test('a file that was deleted, replaced or put back while it is open is noticed', async (t) => {
  const dataDir = temporaryFolder(t)
  const store = await open(t, dataDir)
  const path = databaseIn(dataDir)
  await store.insertDownloads([download('dl-1')])
  assert.equal(await store.detached(), null)
  renameSync(path, `${path}.away`)
  assert.equal((await store.detached())?.code, 'database')
  writeFileSync(path, readFileSync(`${path}.away`))
  assert.match((await store.detached())?.message ?? '', /deleted or replaced/)
  renameSync(`${path}.away`, path)
  assert.equal(await store.detached(), null)
})

test('a file that is no database is refused and not changed', async (t) => {
  const dataDir = temporaryFolder(t)
  mkdirSync(join(dataDir, '.history'))
  const text = 'my notes\n'.repeat(1000)
  writeFileSync(databaseIn(dataDir), text)
  await assert.rejects(openStore({ dataDir }), {
    code: 'database',
    message: /not a database/,
    hint: /Move the file away/,
  })
  assert.equal(readFileSync(databaseIn(dataDir), 'utf8'), text)
})

test('a damaged database is refused', async (t) => {
  const dataDir = temporaryFolder(t)
  const store = await open(t, dataDir)
  await store.insertDownloads(Array.from({ length: 100 }, (_, index) => download(`dl-${index}`)))
  await store.close()
  const bytes = readFileSync(databaseIn(dataDir))
  bytes.fill(0xaa, 100, 4096)
  writeFileSync(databaseIn(dataDir), bytes)
  await assert.rejects(openStore({ dataDir }), { code: 'database' })
  assert.deepEqual(readFileSync(databaseIn(dataDir)), bytes)
})

test('a database of a newer Sluice, or of another program, is refused and not changed', async (t) => {
  for (const [statements, message] of [
    ['create table sluice_schema (version integer); insert into sluice_schema values (999)', /newer Sluice/],
    ['create table notes (text text)', /another program/],
  ] as const) {
    const dataDir = temporaryFolder(t)
    mkdirSync(join(dataDir, '.history'))
    const database = new DatabaseSync(databaseIn(dataDir))
    database.exec(statements)
    database.close()
    const before = readFileSync(databaseIn(dataDir))
    await assert.rejects(openStore({ dataDir }), { code: 'database', message })
    assert.deepEqual(readFileSync(databaseIn(dataDir)), before)
  }
})

test('a folder that cannot be made is named in the error', async (t) => {
  const dataDir = join(temporaryFolder(t), 'file')
  writeFileSync(dataDir, '')
  await assert.rejects(openStore({ dataDir }), { code: 'database', message: /folder of the database/ })
})

test('ten thousand downloads are inserted at once', async (t) => {
  const store = await open(t, temporaryFolder(t))
  const many = Array.from({ length: 10_000 }, (_, index) => download(`dl-${index}`))
  const started = performance.now()
  await store.insertDownloads(many)
  assert.ok(performance.now() - started < 10_000)
})

test('ten thousand downloads end at once', async (t) => {
  const store = await open(t, temporaryFolder(t))
  const many = Array.from({ length: 10_000 }, (_, index) => download(`dl-${index}`))
  await store.insertDownloads(many)
  const started = performance.now()
  await store.recordEnds(many.map((one) => ({ download: one, entry: entry(one.id), localDate: '2026-03-01' })))
  assert.ok(performance.now() - started < 60_000)
})
