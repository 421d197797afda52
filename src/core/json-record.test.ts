import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field, isRecord, refuseOtherCase } from './json-record.ts'

test('only objects are records', () => {
  for (const value of [null, undefined, [], 'x', 7]) assert.ok(!isRecord(value))
  assert.ok(isRecord({}))
})

test('what every object inherits is no field', () => {
  assert.equal(field({}, 'constructor'), undefined)
  assert.equal(field(JSON.parse('{"__proto__":{"a":1}}'), 'a'), undefined)
  assert.equal(field({ toString: 'own' }, 'toString'), 'own')
})

test('keys that other programs would take for a known one are refused, others pass', () => {
  const known = new Set(['layers', 'mediaType'])
  refuseOtherCase({ layers: 1, mediaType: 2, layer: 3, media_type: 4 }, known)
  for (const key of ['Layers', 'LAYERS', 'mediatype', 'layer\u017f'])
    assert.throws(() => refuseOtherCase({ layers: 1, [key]: 2 }, known), { code: 'bad-manifest' })
})
