import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { typedBytes, typedValue } from './typed-value.ts'

describe('a typed value', () => {
  it('reads rates with units', () => {
    assert.deepEqual(typedValue({ kind: 'rate' }, '600K'), { ok: true, value: 614400 })
    assert.deepEqual(typedValue({ kind: 'rate' }, ' 10m '), { ok: true, value: 10485760 })
    assert.deepEqual(typedValue({ kind: 'size' }, '1.5G'), { ok: true, value: 1610612736 })
  })

  it('takes an empty rate for none', () => {
    assert.deepEqual(typedValue({ kind: 'rate' }, '  '), { ok: true, value: 0 })
  })

  it('reads Persian and Arabic digits', () => {
    assert.deepEqual(typedValue({ kind: 'number', max: 32 }, '۱۲'), { ok: true, value: 12 })
    assert.deepEqual(typedValue({ kind: 'rate' }, '١٫٥M'), { ok: true, value: 1572864 })
  })

  it('says what is wrong', () => {
    assert.deepEqual(typedValue({ kind: 'number' }, 'many'), { ok: false, problem: { what: 'number' } })
    assert.deepEqual(typedValue({ kind: 'number' }, ''), { ok: false, problem: { what: 'number' } })
    assert.deepEqual(typedValue({ kind: 'rate' }, 'fast'), { ok: false, problem: { what: 'rate' } })
    assert.deepEqual(typedValue({ kind: 'number', max: 32 }, '33'), {
      ok: false,
      problem: { what: 'most', limit: 32 },
    })
    assert.deepEqual(typedValue({ kind: 'number', min: 1 }, '0'), { ok: false, problem: { what: 'least', limit: 1 } })
    assert.deepEqual(typedValue({ kind: 'text', maxLength: 2 }, 'abc'), {
      ok: false,
      problem: { what: 'long', limit: 2 },
    })
  })

  it('shows bytes in the unit that fits without loss', () => {
    assert.deepEqual([0, 512, 614400, 1572864, 104857600, 1000001].map(typedBytes), [
      '',
      '512',
      '600K',
      '1.5M',
      '100M',
      '1000001',
    ])
  })

  it('reads back what it shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (bytes) => {
        assert.deepEqual(typedValue({ kind: 'rate' }, typedBytes(bytes)), { ok: true, value: bytes })
      }),
    )
  })
})
