import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from './errors.ts'
import { formatBytes, formatDuration, formatRate, parseRate } from './units.ts'

test('rates are 1024-based, as in curl, with an optional unit letter and B or iB', () => {
  const rates: Array<[string, number]> = [
    ['8192', 8192],
    ['600K', 614_400],
    ['600k', 614_400],
    ['10m', 10_485_760],
    ['1.5M', 1_572_864],
    ['2G', 2_147_483_648],
    ['1T', 1_099_511_627_776],
    ['1MB', 1_048_576],
    ['1MiB', 1_048_576],
    ['12 KiB/s', 12_288],
    ['500B', 500],
    ['0', 0],
    ['0.1', 1],
  ]
  for (const [text, bytes] of rates) assert.equal(parseRate(text), bytes, text)
})

test('anything that is no rate is a usage error that says how to write one', () => {
  for (const text of ['', 'fast', '-1', '1e9', '10x', '1.', '.5', 'Infinity', '1,5M', '999999999999999T', '10M10']) {
    assert.throws(
      () => parseRate(text),
      (error) => error instanceof SluiceError && error.code === 'usage' && error.hint.includes('600K'),
      text,
    )
  }
})

test('bytes are printed in IEC units with two decimals', () => {
  const sizes: Array<[number, string]> = [
    [0, '0 B'],
    [12, '12 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1536, '1.50 KiB'],
    [1_048_576, '1.00 MiB'],
    [1_048_575, '1.00 MiB'],
    [2 ** 31, '2.00 GiB'],
    [2 ** 40, '1.00 TiB'],
    [2 ** 53, '8.00 PiB'],
  ]
  for (const [bytes, text] of sizes) assert.equal(formatBytes(bytes), text)
  assert.equal(formatRate(614_400.4), '600.00 KiB/s')
})

test('durations show the two largest units that matter', () => {
  const durations: Array<[number, string]> = [
    [0, '0 s'],
    [-3, '0 s'],
    [42, '42 s'],
    [59.6, '1 min'],
    [185, '3 min 5 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h'],
    [7440, '2 h 4 min'],
    [86_399, '1 d'],
    [90_000, '1 d 1 h'],
    [259_200, '3 d'],
  ]
  for (const [seconds, text] of durations) assert.equal(formatDuration(seconds), text)
})
