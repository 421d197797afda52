import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { partNote, tableLines } from './table.ts'
import type { TableColumn } from './table.ts'
import { columnsOf } from './width.ts'

interface Row {
  readonly id: string
  readonly size: string
  readonly name: string
}

const columns: ReadonlyArray<TableColumn<Row>> = [
  { title: 'ID', rank: 2, text: ({ id }) => id },
  { title: 'SIZE', rank: 1, right: true, text: ({ size }) => size },
  { title: 'NAME', rank: 9, text: ({ name }) => name },
]

test('columns stand below their titles, numbers on the right', () => {
  const rows = [
    { id: 'a', size: '5', name: 'one' },
    { id: 'bbb', size: '12345', name: 'two' },
  ]
  assert.deepEqual(tableLines(columns, rows, Infinity), ['ID    SIZE  NAME', 'a        5  one', 'bbb  12345  two'])
})

test('on a narrow terminal the columns of high rank that have room are shown, and the last one is shortened', () => {
  const rows = [{ id: 'dl-0123456789abcdef', size: '1.00 MiB', name: 'a-rather-long-name-of-a-file.iso' }]
  const at = (width: number): string => tableLines(columns, rows, width)[1] ?? ''
  assert.equal(at(50), 'dl-0123456789abcdef  1.00 MiB  a-rather-…-file.iso')
  assert.equal(at(36), 'dl-0123456789abcdef  a-rathe…ile.iso')
  assert.equal(at(24), '1.00 MiB  a-rathe…le.iso')
  assert.equal(at(12), 'a-rath…e.iso')
})

test('no line is wider than the terminal', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !/\p{C}/u.test(value))
  const row = fc.record({ id: text, size: text, name: text })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 1, max: 120 }), (rows, width) => {
      const lines = tableLines(columns, rows, width)
      assert.equal(lines.length, rows.length + 1)
      for (const line of lines) assert.ok(columnsOf(line) <= width, `${columnsOf(line)} > ${width}: ${line}`)
    }),
  )
})

test('what is left out of a list is told', () => {
  assert.equal(partNote(3, 0, 3, 'downloads'), undefined)
  assert.equal(partNote(0, 0, 0, 'downloads'), 'No downloads.')
  assert.match(partNote(0, 50, 3, 'downloads') ?? '', /from 51 on; there are 3/)
  assert.match(partNote(10, 20, 300, 'downloads') ?? '', /21 to 30 of 300/)
  assert.match(partNote(10, 0, 10, 'downloads', true) ?? '', /at least 10/)
})
