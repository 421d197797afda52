import { test } from 'node:test'
import assert from 'node:assert/strict'
import { linksFile } from './links-file.ts'

const downloads = [
  { reference: 'https://example.org/a.iso', filename: 'a.iso', priority: 5, speedLimit: null },
  { reference: 'https://example.org/b.iso', filename: 'b.iso', priority: 8, speedLimit: 1000 },
]

test('as text it is one address a line', () => {
  assert.equal(linksFile(downloads, 'text').text, 'https://example.org/a.iso\nhttps://example.org/b.iso\n')
})

test('as JSON it is what the import of a daemon takes', () => {
  const file = linksFile(downloads, 'json')
  assert.deepEqual(JSON.parse(file.text), {
    version: 1,
    downloads: [
      { reference: 'https://example.org/a.iso', filename: 'a.iso', priority: 5 },
      { reference: 'https://example.org/b.iso', filename: 'b.iso', priority: 8, speedLimit: 1000 },
    ],
  })
  assert.equal(file.name, 'sluice-links.json')
})
