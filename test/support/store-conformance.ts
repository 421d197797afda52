import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import type { HistoryEntry, HistoryQuery, Store, StoredDownload } from '../../src/store/types.ts'
import { modelMatches, modelPage, put } from './store-model.ts'
import { anyQuery, download, entries, entry, fullDownload, queries } from './store-samples.ts'

/** A place for a store, empty at first. */
export interface StorePlace {
  /** Opens it, again after a close; closed at the end of the test at the latest. */
  open(): Promise<Store>
  /** Has the database itself carry out statements, while no store has it open. */
  run(statements: string): void
}

const day = '2026-03-01'

function end(store: Store, ended: StoredDownload, one: HistoryEntry, localDate: string): Promise<void> {
  return store.recordEnds([{ download: ended, entry: one, localDate }])
}

/** What every store owes, whatever is below it. */
export function testStore(name: string, makePlace: (t: TestContext) => Promise<StorePlace>): void {
  const open = async (t: TestContext): Promise<Store> => (await makePlace(t)).open()

  test(`${name}: a download comes back as it was put, also after a restart`, async (t) => {
    const place = await makePlace(t)
    const store = await place.open()
    await store.insertDownloads([fullDownload, download('dl-2', { position: 3 }), download('dl-3', { position: 2 })])
    await store.close()
    const loaded = await (await place.open()).loadDownloads()
    assert.deepEqual(loaded, [fullDownload, download('dl-3', { position: 2 }), download('dl-2', { position: 3 })])
  })

  test(`${name}: downloads of an older Sluice are one file each, and what came after them can be kept`, async (t) => {
    const place = await makePlace(t)
    const store = await place.open()
    await store.insertDownloads([download('dl-1'), download('dl-2', { position: 2 })])
    await store.close()
    place.run('alter table downloads drop column files; update sluice_schema set version = 1;')
    const newer = await place.open()
    assert.deepEqual(await newer.loadDownloads(), [download('dl-1'), download('dl-2', { position: 2 })])
    const { files } = fullDownload
    await newer.updateDownloads([download('dl-2', { position: 2, files })])
    assert.deepEqual((await newer.loadDownloads())[1]?.files, files)
  })

  test(`${name}: an update replaces whole rows and ignores ids that are not there`, async (t) => {
    const store = await open(t)
    await store.insertDownloads([fullDownload, download('dl-2')])
    await store.updateDownloads([download(fullDownload.id, { position: 0 }), download('dl-none')])
    assert.deepEqual(await store.loadDownloads(), [download(fullDownload.id, { position: 0 }), download('dl-2')])
  })

  test(`${name}: an insert that fails leaves nothing of itself`, async (t) => {
    const store = await open(t)
    await store.insertDownloads([download('dl-1')])
    const many = Array.from({ length: 400 }, (_, index) => download(`dl-new${index}`))
    await assert.rejects(store.insertDownloads([...many, download('dl-1')]), { code: 'database' })
    assert.deepEqual(await store.loadDownloads(), [download('dl-1')])
  })

  test(`${name}: removes downloads by id`, async (t) => {
    const store = await open(t)
    await store.insertDownloads([download('dl-1'), download('dl-2'), download('dl-3')])
    await store.removeDownloads(['dl-1', 'dl-3', 'dl-none'])
    await store.removeDownloads([])
    assert.deepEqual(await store.loadDownloads(), [download('dl-2')])
  })

  test(`${name}: calls are carried out in the order in which they were made`, async (t) => {
    const store = await open(t)
    const many = Array.from({ length: 2000 }, (_, index) => download(`dl-${index}`, { position: index }))
    const inserted = store.insertDownloads(many)
    const updated = store.updateDownloads([download('dl-0', { position: -1, priority: 9 })])
    const loaded = store.loadDownloads()
    const removed = store.removeDownloads(many.map(({ id }) => id))
    const loadedAfter = store.loadDownloads()
    const ended = end(store, download('dl-0'), entry('dl-0'), day)
    const found = store.historyEntry('dl-0')
    assert.equal((await loaded)[0]?.priority, 9)
    assert.equal((await loaded).length, 2000)
    assert.deepEqual(await loadedAfter, [])
    assert.deepEqual(await found, entry('dl-0'))
    await Promise.all([inserted, updated, removed, ended])
  })

  test(`${name}: history answers while many downloads are being inserted`, async (t) => {
    const store = await open(t)
    let isInserted = false
    const many = Array.from({ length: 10_000 }, (_, index) => download(`dl-${index}`))
    const inserted = store.insertDownloads(many).then(() => (isInserted = true))
    await store.queryHistory(anyQuery)
    assert.equal(isInserted, false)
    await inserted
  })

  test(`${name}: the end of a download changes its row, its history and the figures together`, async (t) => {
    const store = await open(t)
    await store.insertDownloads([download('dl-1')])
    const done = download('dl-1', { status: 'completed', filename: 'a.zip' })
    await end(store, done, entry('dl-1'), day)
    assert.deepEqual(await store.loadDownloads(), [done])
    assert.deepEqual(await store.historyEntry('dl-1'), entry('dl-1'))
    assert.deepEqual(await store.figures(day), {
      totalFiles: 1,
      totalBytes: 100,
      totalTime: 2,
      topDomains: { 'example.com': 100 },
      fileTypeStats: { zip: 1 },
      days: [{ date: day, files: 1, bytes: 100 }],
    })
  })

  test(`${name}: many downloads that end together are kept as if they had ended one by one`, async (t) => {
    const store = await open(t)
    const rows = Array.from({ length: 450 }, (_, index) => download(`dl-${index}`, { position: index }))
    await store.insertDownloads(rows)
    const ends = rows.map((row, index) => ({
      download: { ...row, status: index % 3 === 0 ? ('completed' as const) : ('cancelled' as const) },
      entry: entry(row.id, { status: index % 3 === 0 ? 'completed' : 'cancelled', fileSize: index }),
      localDate: `2026-03-0${1 + (index % 2)}`,
    }))
    const again = { download: download('dl-1'), entry: entry('dl-1', { status: 'error' }), localDate: day }
    await store.recordEnds([...ends, again, again])
    const loaded = await store.loadDownloads()
    assert.equal(loaded.filter(({ status }) => status === 'completed').length, 150)
    assert.equal(loaded.filter(({ status }) => status === 'cancelled').length, 299)
    assert.equal((await store.historyEntry('dl-1'))?.status, 'error')
    assert.equal((await store.queryHistory({ ...anyQuery, status: ['cancelled'] })).total, 299)
    const { totalFiles, totalBytes, days } = await store.figures(day)
    assert.deepEqual([totalFiles, totalBytes], [150, (3 * 149 * 150) / 2])
    assert.deepEqual(
      days.flatMap(({ files }) => [files]),
      [75, 75],
    )
  })

  test(`${name}: a download counts once, however often it ends and whatever is removed`, async (t) => {
    const store = await open(t)
    const statuses = fc.array(
      fc.constantFrom<Array<HistoryEntry['status'] | 'remove'>>('completed', 'error', 'cancelled', 'remove'),
      { maxLength: 6 },
    )
    let number = 0
    let files = 0
    await fc.assert(
      fc.asyncProperty(statuses, async (steps) => {
        const id = `dl-${++number}`
        for (const step of steps) {
          if (step === 'remove') await store.removeHistory(id)
          else await end(store, download(id), entry(id, { status: step }), day)
        }
        if (steps.includes('completed')) files++
        assert.equal((await store.figures(day)).totalFiles, files)
        assert.equal(
          (await store.queryHistory({ ...anyQuery, status: ['completed', 'error', 'cancelled'] })).total,
          (await store.queryHistory({ ...anyQuery, minSize: 0 })).total,
        )
      }),
      { numRuns: 30 },
    )
  })

  test(`${name}: figures give days from the first one on, the greatest hosts and the most frequent types`, async (t) => {
    const store = await open(t)
    for (let index = 0; index < 60; index++) {
      const date = `2026-03-${String((index % 30) + 1).padStart(2, '0')}`
      const changes = { host: `h${index % 30}.example`, type: `t${index}`, fileSize: index + 1 }
      await end(store, download(`dl-${index}`), entry(`dl-${index}`, changes), date)
    }
    await end(store, download('dl-odd'), entry('dl-odd', { host: '__proto__', type: 't0', fileSize: null }), day)
    const figures = await store.figures('2026-03-30')
    assert.equal(figures.totalFiles, 61)
    assert.equal(figures.totalBytes, (60 * 61) / 2)
    assert.deepEqual(figures.days, [{ date: '2026-03-30', files: 2, bytes: 90 }])
    assert.equal(Object.keys(figures.topDomains).length, 20)
    assert.deepEqual(Object.entries(figures.topDomains)[0], ['h29.example', 90])
    assert.equal(Object.keys(figures.fileTypeStats).length, 50)
    assert.deepEqual(Object.entries(figures.fileTypeStats)[0], ['t0', 2])
  })

  test(`${name}: history answers any query as a plain list would`, async (t) => {
    const store = await open(t)
    let known: HistoryEntry[] = []
    await fc.assert(
      fc.asyncProperty(entries, fc.array(queries, { minLength: 1, maxLength: 10 }), async (added, asked) => {
        // Each run goes on with what the runs before it left, fewer than the 31 ids that there are.
        for (const one of added) {
          await end(store, download(one.id), one, day)
          known = put(known, one)
        }
        const [gone] = known
        if (gone !== undefined) assert.equal(await store.removeHistory(gone.id), true)
        known = known.slice(1)
        for (const query of asked) {
          assert.deepEqual(await store.queryHistory(query), modelPage(known, query))
          const exported: HistoryEntry[] = []
          for await (const one of store.exportHistory(query)) exported.push(one)
          assert.deepEqual(exported, modelPage(known, query).entries)
        }
      }),
      { numRuns: 25, endOnFailure: true },
    )
  })

  test(`${name}: the text of a search is only text`, async (t) => {
    const store = await open(t)
    await end(store, download('dl-1'), entry('dl-1', { filename: '100%_"NEAR(a*" \\ 🦜.zip' }), day)
    await end(store, download('dl-2'), entry('dl-2', { filename: '100 percent.zip' }), day)
    const totalOf = async (search: string): Promise<number> => (await store.queryHistory({ ...anyQuery, search })).total
    for (const search of ['100%_', '%', '_', '"', '\\', 'near(A*', '🦜', '\\ 🦜.zip'])
      assert.equal(await totalOf(search), 1, search)
    for (const search of ['\0', 'zip\0', '\ud83e', 'x'.repeat(10_000), '100%%', '" OR "', 'words:zip', "';--"])
      assert.equal(await totalOf(search), 0, search.slice(0, 20))
    for (const search of ['', 'zip', 'EXAMPLE.com', '.z', 'e']) assert.equal(await totalOf(search), 2, search)
    const long = `${'long name '.repeat(300)}end`
    await end(store, download('dl-3'), entry('dl-3', { filename: long, reference: 'a\0b\ud83e' }), day)
    assert.equal(await totalOf(long), 1)
    assert.equal(await totalOf(`x${long}`), 0)
    assert.equal((await store.historyEntry('dl-3'))?.reference, 'a\ufffdb\ufffd')
  })

  test(`${name}: a date that is none is refused as such`, async (t) => {
    const store = await open(t)
    await assert.rejects(store.queryHistory({ ...anyQuery, since: 'yesterday' }), { code: 'usage' })
  })

  test(`${name}: pages among many entries join without a gap, and exports hold each entry once`, async (t) => {
    const store = await open(t)
    const count = 600
    const known: HistoryEntry[] = []
    const writes: Promise<void>[] = []
    for (let index = 0; index < count; index++) {
      const one = entry(`dl-${index}`, { fileSize: index % 7, filename: `f${index % 5}`, speed: index % 3 })
      known.push(one)
      writes.push(end(store, download(one.id), one, day))
    }
    await Promise.all(writes)
    for (const sort of ['size', 'name', 'speed', 'status'] as const) {
      const query: HistoryQuery = { sort, descending: sort === 'name', limit: 97, offset: 0 }
      const paged: HistoryEntry[] = []
      for (let offset = 0; offset < count; offset += query.limit) {
        const page = await store.queryHistory({ ...query, offset })
        assert.equal(page.total, count)
        paged.push(...page.entries)
      }
      assert.deepEqual(paged, modelMatches(known, query))
      const exported: HistoryEntry[] = []
      for await (const one of store.exportHistory({ ...query, limit: 1e9 })) exported.push(one)
      assert.deepEqual(exported, paged)
    }
    assert.deepEqual((await store.queryHistory({ ...anyQuery, offset: count })).entries, [])
  })

  test(`${name}: an entry can be removed, and figures stay`, async (t) => {
    const store = await open(t)
    await end(store, download('dl-1'), entry('dl-1'), day)
    assert.equal(await store.removeHistory('dl-1'), true)
    assert.equal(await store.removeHistory('dl-1'), false)
    assert.equal(await store.historyEntry('dl-1'), null)
    assert.deepEqual(await store.queryHistory({ ...anyQuery, search: 'zip' }), {
      entries: [],
      total: 0,
      totalIsExact: true,
    })
    assert.equal((await store.figures(day)).totalFiles, 1)
  })

  test(`${name}: settings are replaced as a whole`, async (t) => {
    const place = await makePlace(t)
    const store = await place.open()
    assert.deepEqual(await store.loadSettings(), {})
    await store.saveSettings({ a: 1, b: { c: [null, 'x\0'] } })
    await store.saveSettings({ b: 'new', d: false })
    await store.close()
    const again = await place.open()
    assert.deepEqual(await again.loadSettings(), { b: 'new', d: false })
    await again.saveSettings({})
    assert.deepEqual(await again.loadSettings(), {})
  })

  test(`${name}: records keep their kind, their data and the order of their coming`, async (t) => {
    const store = await open(t)
    const secret = new Uint8Array([7, 0, 9])
    await store.putRecord('webhook', { id: 'b', data: { url: 'x' }, secret })
    await store.putRecord('webhook', { id: 'a', data: [1, null], secret: null })
    await store.putRecord('schedule', { id: 'b', data: 'other', secret: null })
    await store.putRecord('webhook', { id: 'b', data: { url: 'y' }, secret })
    assert.deepEqual(await store.records('webhook'), [
      { id: 'b', data: { url: 'y' }, secret },
      { id: 'a', data: [1, null], secret: null },
    ])
    assert.equal(await store.removeRecord('webhook', 'b'), true)
    assert.equal(await store.removeRecord('webhook', 'b'), false)
    assert.equal((await store.records('schedule')).length, 1)
  })

  test(`${name}: tells its size, and a closed store refuses`, async (t) => {
    const store = await open(t)
    assert.ok(Number(await store.size()) > 0)
    const last = store.saveSettings({ a: 1 })
    await store.close()
    await store.close()
    await last
    await assert.rejects(store.loadSettings(), { code: 'database' })
  })

  test(`${name}: a second opener is refused while the first one is open`, async (t) => {
    const place = await makePlace(t)
    const first = await place.open()
    await assert.rejects(place.open(), { code: 'already-running' })
    await first.saveSettings({ a: 1 })
    await first.close()
    assert.deepEqual(await (await place.open()).loadSettings(), { a: 1 })
  })
}
