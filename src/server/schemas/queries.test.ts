import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askedApp, problemOf } from '../../../test/support/ask-app.ts'
import { fakeManager, knownId } from '../../../test/support/fake-manager.ts'
import { SluiceError } from '../../core/errors.ts'

describe('lists', () => {
  const asked = async (path: string): Promise<unknown> => {
    const { ask, manager } = askedApp()
    const response = await ask('GET', path)
    assert.equal(response.status, 200, await response.clone().text())
    return manager.calls[0]?.[1]
  }

  it('have defaults', async () => {
    assert.deepEqual(await asked('/api/downloads'), { sort: 'queue', descending: false, limit: 1000, offset: 0 })
    assert.deepEqual(await asked('/api/history'), { sort: 'date', descending: true, limit: 50, offset: 0 })
  })

  it('take statuses repeated or with commas, and several ways to sort', async () => {
    const query = { sort: 'name', descending: true, limit: 5, offset: 10, status: ['active', 'queued'] }
    assert.deepEqual(await asked('/api/downloads?status=active&status=queued&sort=-name&limit=5&offset=10'), query)
    assert.deepEqual(await asked('/api/downloads?status=active,queued&sort=name&order=desc&limit=5&offset=10'), query)
    assert.deepEqual(await asked('/api/downloads?sort=filename&_=1'), {
      sort: 'name',
      descending: false,
      limit: 1000,
      offset: 0,
    })
  })

  it('take empty values for none, as a form sends them', async () => {
    const empty = 'status=&search=&type=&host=&minSize=&since=&sort=&order=&limit=&offset='
    assert.deepEqual(await asked(`/api/downloads?${empty}`), await asked('/api/downloads'))
    assert.deepEqual(await asked(`/api/history?kind=&${empty}&`), await asked('/api/history'))
  })

  it('take types and hosts as people write them', async () => {
    const { type, host } = (await asked('/api/downloads?type=.ZIP&host=Files.Test:8080')) as Record<string, unknown>
    assert.deepEqual([type, host], ['zip', 'files.test:8080'])
  })

  it('take a name alone for yes', async () => {
    const deletes = async (query: string): Promise<unknown> => {
      const { ask, manager } = askedApp()
      await ask('DELETE', `/api/download/${knownId}?${query}`)
      return manager.calls[0]?.[2]
    }
    for (const query of ['deleteFile', 'deleteFile=true', 'deleteFile=1'])
      assert.deepEqual(await deletes(query), { deleteFile: true }, query)
    for (const query of ['', 'deleteFile=false', 'deleteFile=0'])
      assert.deepEqual(await deletes(query), { deleteFile: false }, query)
    for (const query of ['deleteFile=', 'deleteFile=maybe']) assert.equal(await deletes(query), undefined, query)
  })

  it('take all filters of the history', async () => {
    const filters =
      'search=a%20b&status=error&type=zip&host=h&kind=http&minSize=1&maxSize=9007199254740991&since=2026-01-01&until=2026-02-01T00:00:00Z&sort=fileSize'
    assert.deepEqual(await asked(`/api/history?${filters}`), {
      search: 'a b',
      status: ['error'],
      type: 'zip',
      host: 'h',
      kind: 'http',
      minSize: 1,
      maxSize: 9007199254740991,
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-02-01T00:00:00.000Z',
      sort: 'size',
      descending: false,
      limit: 50,
      offset: 0,
    })
  })

  for (const query of [
    'limit=0',
    'limit=10001',
    'limit=abc',
    'limit=1e3',
    'limit=5&limit=6',
    'offset=-1',
    'status=running',
    'sort=colour',
    'sort=__proto__',
    'order=up',
    'search=%00',
  ]) {
    it(`refuse ?${query} as 400`, async () => {
      const response = await askedApp().ask('GET', `/api/downloads?${query}`)
      assert.equal(response.status, 400)
      assert.match((await problemOf(response)).detail, new RegExp(`^${query.split('=')[0]}`))
    })
  }

  for (const query of [
    'limit=10001',
    'since=yesterday',
    'until=2026-99-01',
    'minSize=-1',
    'status=active',
    '__proto__=1&limit=x',
    'format=xml&limit=0',
  ]) {
    it(`refuse ?${query} of the history as 400`, async () => {
      assert.equal((await askedApp().ask('GET', `/api/history?${query}`)).status, 400)
    })
  }

  it('are exported piece by piece, only as fast as they are read', async () => {
    let made = 0
    let ended = false
    const manager = fakeManager({
      async *exportHistory() {
        try {
          for (; made < 1000; made++) yield 'x'.repeat(1000)
        } finally {
          ended = true
        }
      },
    })
    const { ask } = askedApp(manager)
    const response = await ask('GET', '/api/history/export?format=csv&status=completed&limit=3')
    assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8')
    assert.equal(response.headers.get('content-disposition'), 'attachment; filename="sluice-history.csv"')
    assert.equal(made, 0)
    const reader = response.body!.getReader()
    await reader.read()
    await reader.read()
    assert.ok(made <= 3, `${made} made for two read`)
    await reader.cancel()
    assert.ok(ended)
  })

  it('break off an export that fails in the middle instead of ending it', async () => {
    const manager = fakeManager({
      async *exportHistory() {
        yield 'one'
        throw new SluiceError('database', 'It is gone.')
      },
    })
    const { ask, log } = askedApp(manager)
    const response = await ask('GET', '/api/history/export')
    assert.equal(response.headers.get('content-type'), 'application/json')
    await assert.rejects(response.text())
    assert.equal(log.lines.filter(([level]) => level === 'error').length, 1)
  })
})
