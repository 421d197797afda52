import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { source, startNode } from '../../test/support/node-child.ts'
import { startPostgres } from '../../test/support/postgres.ts'
import type { Postgres } from '../../test/support/postgres.ts'
import { testStore } from '../../test/support/store-conformance.ts'
import type { StorePlace } from '../../test/support/store-conformance.ts'
import { anyQuery, download, entry } from '../../test/support/store-samples.ts'
import { openStore } from './open-store.ts'
import type { Store } from './types.ts'

let server: Postgres
before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

async function open(t: TestContext, database: string): Promise<Store> {
  const store = await openStore({ dataDir: '/nonexistent', database })
  t.after(() => store.close())
  return store
}

async function makePlace(t: TestContext): Promise<StorePlace> {
  const database = await server.createDatabase()
  return { open: () => open(t, database), run: (statements) => void server.run(database, statements) }
}

testStore('postgres', makePlace)

test('calls work again after connections were lost, and the lock is taken again', async (t) => {
  const database = await server.createDatabase()
  const store = await open(t, database)
  await store.insertDownloads([download('dl-1')])
  const others =
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $$sluice$$ and datname = current_database()'
  server.run(database, others)
  const deadline = Date.now() + 60_000
  let loaded: unknown
  while (loaded === undefined && Date.now() < deadline) {
    loaded = await store.loadDownloads().catch((error: unknown) => {
      assert.equal((error as { code?: unknown }).code, 'database')
    })
  }
  assert.deepEqual(loaded, [download('dl-1')])
  while (!isLocked(database)) {
    assert.ok(Date.now() < deadline)
    await sleep(20)
  }
  await assert.rejects(openStore({ dataDir: '', database }), { code: 'already-running' })
})

function isLocked(database: string): boolean {
  const held =
    "select count(*) from pg_locks join pg_database d on d.oid = database where locktype = 'advisory' and datname = current_database()"
  return server.run(database, held).trim() === '1'
}

test('kill -9 loses nothing that was acknowledged, and frees the database', async (t) => {
  const database = await server.createDatabase()
  const child = startNode(
    t,
    `import { openStore } from ${source('store/open-store.ts')}
     const store = await openStore({ dataDir: '', database: ${JSON.stringify(database)} })
     const row = ${JSON.stringify(download('dl-'))}
     const entry = ${JSON.stringify(entry('dl-'))}
     for (let number = 1; ; number++) {
       await store.recordEnds([{ download: row, entry: { ...entry, id: 'dl-' + number }, localDate: '2026-03-01' }])
       process.stdout.write(number + '\\n')
     }`,
  )
  let acknowledged = 0
  while (acknowledged < 20) acknowledged = Number(await child.line())
  await child.kill()
  const store = await eventually(t, database)
  const { total } = await store.queryHistory(anyQuery)
  assert.ok(total >= acknowledged)
  assert.equal((await store.figures('2026-03-01')).totalFiles, total)
})

/** The server needs a moment to see that a killed process is gone. */
async function eventually(t: TestContext, database: string): Promise<Store> {
  for (const deadline = Date.now() + 60_000; ;) {
    try {
      return await open(t, database)
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
  }
}

test('a user without the right to add extensions can search too', async (t) => {
  const database = await server.createDatabase()
  const { pathname } = new URL(database)
  server.run(database, `do $$ begin create role plain login; exception when duplicate_object then null; end $$`)
  server.run(database, `grant all on schema public to plain; revoke create on database ${pathname.slice(1)} from plain`)
  const store = await open(t, database.replace('postgres@', 'plain@'))
  await store.recordEnds([{ download: download('dl-1'), entry: entry('dl-1'), localDate: '2026-03-01' }])
  assert.equal((await store.queryHistory({ ...anyQuery, search: 'a.zip' })).total, 1)
  assert.equal((await store.queryHistory({ ...anyQuery, search: 'b.zip' })).total, 0)
})

test('a newer schema is refused and not changed', async (t) => {
  const database = await server.createDatabase()
  await (await open(t, database)).close()
  server.run(database, 'update sluice_schema set version = 999')
  await assert.rejects(openStore({ dataDir: '', database }), { code: 'database', message: /newer Sluice/ })
  assert.equal(server.run(database, 'select version from sluice_schema').trim(), '999')
})

test('tables of another program are not touched', async () => {
  const database = await server.createDatabase()
  server.run(database, 'create table downloads (mine text)')
  await assert.rejects(openStore({ dataDir: '', database }), { code: 'database', message: /already exists/ })
  assert.equal(server.run(database, 'select count(*) from downloads').trim(), '0')
  assert.equal(server.run(database, 'select count(*) from pg_tables where schemaname = current_schema()').trim(), '1')
})

test('neither the description nor an error shows the password', async (t) => {
  const database = await server.createDatabase()
  const secret = 'pa%24%24-word'
  const store = await open(t, database.replace('postgres@', `postgres:${secret}@`))
  assert.match(store.description, /^postgres localhost\/test_\d+$/)
  for (const address of [
    `postgres://someone:${secret}@127.0.0.1:1/db`,
    `postgres://someone:${secret}%zz@127.0.0.1:1/db`,
    database.replace('postgres@', `nobody-there:${secret}@`),
    `postgres://a b:${secret}@[`,
  ]) {
    await assert.rejects(openStore({ dataDir: '', database: address }), (error: Error) => {
      assert.match(String((error as { code?: string }).code), /^(database|usage)$/)
      for (const text of [secret, 'pa$$-word']) assert.ok(!`${error.message} ${String(error.cause)}`.includes(text))
      return true
    })
  }
})
