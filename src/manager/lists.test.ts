import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everything, openManagerLab } from '../../test/support/manager-lab.ts'
import type { ListQuery } from './types.ts'

test('the list is filtered, searched, sorted and paged', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ autoStart: false })
  const ids = {
    zip: await lab.add({ reference: 'https://b.example/Beta.ZIP', priority: 9 }),
    iso: await lab.add({ reference: 'https://a.example/x?name=alpha', filename: 'alpha.iso' }),
    none: await lab.add({ reference: 'https://a.example:8080/', paused: true, priority: 1 }),
  }
  const find = (query: Partial<ListQuery>): string[] =>
    lab.manager
      .list({ ...everything, ...query })
      .downloads.map((one) => Object.entries(ids).find(([, id]) => id === one.id)?.[0] ?? '')
  assert.deepEqual(find({}), ['zip', 'iso', 'none'])
  assert.deepEqual(find({ descending: true }), ['none', 'iso', 'zip'])
  assert.deepEqual(find({ status: ['paused', 'active'] }), ['none'])
  assert.deepEqual(find({ search: 'BETA' }), ['zip'])
  assert.deepEqual(find({ search: 'a.example' }), ['iso', 'none'])
  assert.deepEqual(find({ type: 'zip' }), ['zip'])
  assert.deepEqual(find({ host: 'a.example:8080' }), ['none'])
  assert.deepEqual(find({ host: 'a.example' }), ['iso', 'none'])
  assert.deepEqual(find({ host: 'example' }), [])
  assert.deepEqual(find({ minSize: 0 }), [])
  assert.deepEqual(find({ since: '2000-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z' }), [
    'zip',
    'iso',
    'none',
  ])
  assert.deepEqual(find({ until: '2000-01-01T00:00:00.000Z' }), [])
  assert.deepEqual(find({ since: '2100-01-01T00:00:00.000Z' }), [])
  assert.deepEqual(find({ sort: 'host' }), ['iso', 'none', 'zip'])
  assert.deepEqual(find({ sort: 'priority' }), ['none', 'iso', 'zip'])
  assert.deepEqual(find({ sort: 'name' }), ['none', 'zip', 'iso'])
  assert.deepEqual(find({ limit: 1, offset: 1 }), ['iso'])
  assert.equal(lab.manager.list({ ...everything, limit: 1 }).total, 3)
  assert.equal(lab.manager.newest()?.id, ids.none)
})
