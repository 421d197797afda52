import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { downloadQuery, historyQuery } from './list-query.ts'
import { isPreset, presetOf, viewOfPreset } from './preset.ts'
import {
  addressOf,
  changedView,
  firstView,
  isFiltered,
  noFilters,
  tabSorts,
  tabStatuses,
  tabs,
  usualSort,
  viewOf,
} from './view.ts'
import type { View } from './view.ts'

const of = (address: string): View => {
  const [path = '', query = ''] = address.split(/\?(.*)/s)
  return viewOf(path, query)
}

const view: fc.Arbitrary<View> = fc.constantFrom(...tabs).chain((tab) =>
  fc
    .record({
      search: fc.string({ maxLength: 50 }),
      status: fc.subarray([...tabStatuses[tab]], { maxLength: tabStatuses[tab].length - 1 }),
      type: fc.string({ maxLength: 10 }),
      host: fc.string({ maxLength: 40 }),
      sort: fc.constantFrom(...tabSorts[tab]).chain((name) => fc.constantFrom(name, `-${name}`)),
      selected: fc.option(fc.constantFrom('dl-0123456789abcdef', 'dl-1')),
      bounds: fc.record(
        { minSize: fc.nat(), maxSize: fc.nat(), since: fc.constant('2026-01-31'), until: fc.constant('2024-02-29') },
        { requiredKeys: [] },
      ),
    })
    .map(({ bounds, ...rest }) => ({ page: 'downloads' as const, tab, ...rest, ...bounds })),
)

describe('the address', () => {
  it('holds the whole view', () => {
    fc.assert(fc.property(view, (one) => assert.deepEqual(of(addressOf(one)), one)))
  })

  it('is short where all is usual', () => {
    assert.deepEqual(
      tabs.map((tab) => addressOf({ ...firstView, tab, sort: usualSort[tab] })),
      ['/', '/queue', '/completed', '/history'],
    )
    assert.equal(addressOf(of('/settings?search=x')), '/settings')
    assert.equal(addressOf(of('/?sort=-size&search=a%20b')), '/?search=a+b&sort=-size')
  })

  it('never breaks, whatever is typed', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const shown = viewOf(path, query)
        assert.deepEqual(of(addressOf(shown)), shown)
      }),
    )
    const wrong = of(
      '/nowhere?sort=__proto__&status=evil,active&minSize=-1&maxSize=1e9&since=2026-02-30&until=x&selected=../x',
    )
    assert.deepEqual(wrong, { ...firstView, status: ['active'] })
  })

  it('leaves with a tab what belongs to it, and keeps what was searched for', () => {
    const active = of('/?search=iso&status=error&sort=-speed&selected=dl-1')
    assert.deepEqual(changedView(active, { tab: 'history' }), {
      ...firstView,
      tab: 'history',
      search: 'iso',
      sort: '-date',
    })
    assert.deepEqual(changedView(active, { search: 'x' }).selected, 'dl-1')
  })

  it('takes bounds away', () => {
    const bounded = of('/history?minSize=5&since=2026-01-01&search=x')
    assert.equal(isFiltered(bounded), true)
    assert.deepEqual(changedView(bounded, noFilters), of('/history'))
  })
})

describe('a question for a view', () => {
  it('asks for the statuses of the tab, or those chosen of them', () => {
    assert.deepEqual(downloadQuery(of('/')), { status: ['active', 'paused', 'error'], sort: 'queue', order: 'asc' })
    assert.deepEqual(downloadQuery(of('/?status=error&sort=-size&search=%20a%20')), {
      status: ['error'],
      search: 'a',
      sort: 'size',
      order: 'desc',
    })
    assert.deepEqual(historyQuery(of('/history')), { sort: 'date', order: 'desc' })
  })

  it('takes days as they are here, the last one with all its hours', () => {
    const { since, until } = historyQuery(of('/history?since=2026-03-01&until=2026-03-01'))
    assert.equal(since, new Date(2026, 2, 1).toISOString())
    assert.equal(until, new Date(2026, 2, 2).toISOString())
  })
})

describe('a preset of filters', () => {
  it('brings back tab, filters and order, and nothing else', () => {
    fc.assert(
      fc.property(view, (one) => {
        const shown = changedView(of('/settings'), viewOfPreset(presetOf('mine', one)))
        assert.deepEqual(shown, { ...one, selected: null })
      }),
    )
    const before = of('/history?minSize=3&until=2026-01-01')
    assert.deepEqual(changedView(before, viewOfPreset(presetOf('all', of('/history')))), of('/history'))
  })

  it('is checked before it is used', () => {
    assert.equal(isPreset({ name: 'x', address: '/history?search=x' }), true)
    for (const wrong of [
      null,
      5,
      {},
      { name: '', address: '/' },
      { name: 'x', address: 'javascript:x' },
      { name: 'x'.repeat(101), address: '/' },
    ])
      assert.equal(isPreset(wrong), false)
  })
})
