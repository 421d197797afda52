import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareVersions, isWithin } from './dotted-version.ts'

test('versions are compared number by number; what is missing counts as 0', () => {
  assert.ok(compareVersions('2.4', '2.34') < 0)
  assert.ok(compareVersions('13.4', '12.8') > 0)
  assert.ok(compareVersions('580.95.05', '580') > 0)
  assert.equal(compareVersions('13', '13.0'), 0)
  assert.equal(compareVersions('2.36-9', '2.36'), 0)
  assert.ok(compareVersions('', '0.1') < 0)
  assert.equal(compareVersions('fp16', 'fp32'), 0)
})

test('a bound speaks only of the numbers that it has', () => {
  assert.equal(isWithin('12.8', '12.0', '12'), true)
  assert.equal(isWithin('12.8.1', '12.8', '12.8'), true)
  assert.equal(isWithin('13.0', '12.0', '12'), false)
  assert.equal(isWithin('12.4', '12.8', '12'), false)
  assert.equal(isWithin('13.4', '13.0', '13.1'), false)
  assert.equal(isWithin('7.2', null, null), true)
})
