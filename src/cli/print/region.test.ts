import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Output } from './output.ts'
import { createRegion } from './region.ts'

function recording(): { out: Output; sent: () => string } {
  let sent = ''
  const out: Output = {
    line: (text) => (sent += `${text}\n`),
    raw: (text) => (sent += text),
    flush: async () => {},
    problem: () => undefined,
    gone: () => false,
  }
  return { out, sent: () => sent }
}

test('each picture takes the place of the one before it', () => {
  const { out, sent } = recording()
  const region = createRegion(out)
  region.draw(['one', 'two'])
  region.draw(['three'])
  region.draw([])
  region.draw(['four'])
  region.end()
  // Up as many lines as were drawn, and everything below is cleared.
  const pictures = sent().replaceAll(/\x1b\[\?25[lh]/g, '')
  assert.equal(pictures, '\r\x1b[Jone\ntwo\n\x1b[2A\r\x1b[Jthree\n\x1b[1A\r\x1b[J\r\x1b[Jfour\n')
})

test('the cursor is hidden once and given back once', () => {
  const { out, sent } = recording()
  const region = createRegion(out)
  region.draw(['one'])
  region.draw(['two'])
  region.end()
  region.end()
  assert.equal(sent().split('\x1b[?25l').length, 2)
  assert.ok(sent().endsWith('\x1b[?25h'))
  assert.equal(sent().split('\x1b[?25h').length, 2)
})

test('without a picture the cursor is left alone', () => {
  const { out, sent } = recording()
  createRegion(out).end()
  assert.equal(sent(), '')
})
