import { test } from 'node:test'
import assert from 'node:assert/strict'
import { tabSorts, tabs } from '../state/view.ts'
import { columnsOf, layoutOf, rowHeight, sortOf } from './columns.ts'

test('every column is sorted by a field that its tab knows', () => {
  for (const tab of tabs) {
    for (const column of columnsOf(tab, 'wide')) {
      assert.ok(tabSorts[tab].includes(sortOf(column, tab)), `${tab} ${column}`)
    }
  }
})

test('less room shows fewer columns, and the name always', () => {
  for (const tab of tabs) {
    assert.ok(columnsOf(tab, 'medium').length < columnsOf(tab, 'wide').length)
    assert.equal(columnsOf(tab, 'medium')[0], 'name')
  }
})

test('the width of the list decides, and a phone has higher rows', () => {
  assert.deepEqual([320, 800, 1280].map(layoutOf), ['phone', 'medium', 'wide'])
  assert.ok(rowHeight('phone', 'comfortable') > rowHeight('wide', 'comfortable'))
  assert.ok(rowHeight('wide', 'compact') < rowHeight('wide', 'comfortable'))
})
