import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseFileName } from './choose-name.ts'

interface Given {
  readonly disposition?: string
  readonly final?: string
  readonly type?: string
}

function choose(url: string, given: Given = {}): string {
  return chooseFileName({
    contentDisposition: given.disposition,
    requestUrl: new URL(url),
    finalUrl: new URL(given.final ?? url),
    contentType: given.type,
  })
}

test('Content-Disposition wins over the address', () => {
  assert.equal(choose('http://h/x.bin', { disposition: 'attachment; filename="y.bin"' }), 'y.bin')
  assert.equal(choose('http://h/cd/empty', { disposition: 'attachment' }), 'empty')
  assert.equal(choose('http://h/cd/dots', { disposition: 'attachment; filename=".."' }), 'dots')
})

test('names from the server are made safe', () => {
  assert.equal(choose('http://h/', { disposition: 'attachment; filename="con.txt"' }), '_con.txt')
  assert.equal(choose('http://h/', { disposition: 'attachment; filename="a \\"b\\".bin"' }), 'a _b_.bin')
  assert.equal(choose('http://h/', { disposition: 'attachment; filename="..\\\\..\\\\back.bin"' }), 'back.bin')
  assert.equal(choose('http://h/', { disposition: 'attachment; filename="..\\..\\back.bin"' }), '____back.bin')
})

test('the last segment of the address is percent-decoded; the query is no name', () => {
  assert.equal(choose('http://h/files/1b?token=secret'), '1b')
  assert.equal(choose('http://h/with%20blank%20%E2%82%AC.bin'), 'with blank €.bin')
  assert.equal(choose('http://h/up%5C..%5C..%5Cdown.bin'), 'down.bin')
  assert.equal(choose('http://h/a%2F..%2F.wgetrc'), '_wgetrc')
  assert.equal(choose('http://h/a%FFb%20c'), 'a%FFb%20c')
})

test('the requested address names the file, the final one only where that has no name, then the host', () => {
  assert.equal(choose('http://h/latest', { final: 'http://cdn/.wgetrc' }), 'latest')
  assert.equal(choose('http://h/dir/', { final: 'http://cdn/real.bin' }), 'real.bin')
  assert.equal(choose('http://example.com/'), 'example.com')
  assert.equal(choose('http://[::1]/'), '__1')
})

test('the type gives an extension only where there is none and the type is telling', () => {
  assert.equal(choose('http://h/report', { type: 'application/pdf; x=y' }), 'report.pdf')
  assert.equal(choose('http://h/v1.5', { type: 'application/zip' }), 'v1.5.zip')
  assert.equal(choose('http://h/report.bin', { type: 'application/pdf' }), 'report.bin')
  assert.equal(choose('http://h/1b', { type: 'application/octet-stream' }), '1b')
  assert.equal(choose('http://h/1b', { type: 'text/plain' }), '1b')
  assert.equal(choose('http://h/1b', { type: 'constructor' }), '1b')
  assert.equal(choose('http://example.com/', { type: 'text/html' }), 'example.com.html')
})
