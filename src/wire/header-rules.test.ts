import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from '../core/errors.ts'
import { headerRule, parseHeaderLine } from './header-rules.ts'

function refused(line: string, words: RegExp): void {
  assert.throws(
    () => parseHeaderLine(line),
    (error) =>
      error instanceof SluiceError &&
      error.code === 'usage' &&
      words.test(error.message) &&
      !error.message.includes('geheim'),
    line,
  )
}

test('a header line sets, removes or empties a field, as in curl', () => {
  assert.deepEqual(parseHeaderLine('X-Api-Key: a:b;c'), ['X-Api-Key', 'a:b;c'])
  assert.deepEqual(parseHeaderLine('X:y'), ['X', 'y'])
  assert.deepEqual(parseHeaderLine('Accept:'), ['Accept', null])
  assert.deepEqual(parseHeaderLine('Accept: '), ['Accept', null])
  assert.deepEqual(parseHeaderLine('X-Empty;'), ['X-Empty', ''])
})

test('other letters travel as UTF-8', () => {
  assert.deepEqual(parseHeaderLine('X-Name: ü'), ['X-Name', '\xc3\xbc'])
})

test('line breaks, other controls and wrong names are refused without showing the value', () => {
  refused('X: geheim\r\nEvil: 1', /line break/)
  refused('X: geheim\0', /control character/)
  refused('geheim', /no colon/)
  refused('Bad Name: geheim', /"Bad Name" is not a name/)
  refused(': geheim', /"" is not a name/)
  refused('Näme: geheim', /is not a name/)
  refused('X; geheim', /no colon/)
  refused('X\n: geheim', /is not a name|no colon/)
})

test('fields that frame the message, choose bytes or belong to a proxy cannot be set, and the reason is told', () => {
  refused('Host: geheim', /Host cannot be set: it is taken from the address/)
  refused('range: bytes=0-1', /which bytes/)
  refused('Connection: close', /the work of Sluice/)
  refused('Content-Length: 5', /no content/)
  refused('TRANSFER-ENCODING: chunked', /how the bytes travel/)
  refused('Proxy-Authorization: Basic geheim', /behind the proxy/)
  refused('Host:', /cannot be set/)
})

const anything = fc.array(fc.integer({ min: 0, max: 0x17f })).map((codes) => String.fromCharCode(...codes))

test('property: what passes can stand in a request head', () => {
  fc.assert(
    fc.property(anything, anything, (name, value) => {
      try {
        assert.match(
          `${headerRule(name, value)[0]}: ${headerRule(name, value)[1]}`,
          /^[!-9;-~]+: [\t\x20-\x7e\x80-\xff]*$/,
        )
      } catch (error) {
        assert.ok(error instanceof SluiceError, String(error))
      }
    }),
  )
})
