import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { csvLine } from './csv.ts'

/** A reader of RFC 4180, for one record. */
function read(line: string): string[] {
  assert.ok(line.endsWith('\r\n'))
  const fields = [...`,${line.slice(0, -2)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/gs)]
  return fields.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}

test('a record is fields with commas, quoted where needed, and CRLF', () => {
  assert.equal(
    csvLine(['a', 'b,c', 'say "x"', 'two\nlines', ' blank ', '']),
    'a,"b,c","say ""x""","two\nlines"," blank ",\r\n',
  )
})

test('numbers and booleans stay plain, null is empty', () => {
  assert.equal(csvLine([1, -2.5, 0, true, null]), '1,-2.5,0,true,\r\n')
  assert.equal(csvLine(['-2.5', '+49', '-12']), '-2.5,+49,-12\r\n')
})

test('what a spreadsheet would run is made text', () => {
  assert.deepEqual(
    read(csvLine(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '-', '=HYPERLINK("x","y")', '-1e5'])),
    ["'=1+1", "'+cmd", "'-2+3", "'@SUM(A1)", "'\t=1", "'\r=1", "'-", `'=HYPERLINK("x","y")`, "'-1e5"],
  )
})

test('property: fields come back as they were, formulas with one quote in front', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...'=+-@\t\r\n", \'1'), fc.string({ minLength: 1, maxLength: 1 })),
  })
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (values) => {
      const fields = read(csvLine(values))
      assert.deepEqual(
        fields.map((field, index) => (field === values[index] ? field : field.replace(/^'/, ''))),
        values,
      )
      for (const field of fields) assert.doesNotMatch(field, /^[=@\t\r]|^[+-](?!\d+(\.\d+)?$)/)
    }),
  )
})
