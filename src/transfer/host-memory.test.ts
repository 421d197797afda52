import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openHostMemory } from './host-memory.ts'

const hour = 3600 * 1000
const start = Date.UTC(2026, 10, 14)

test('what was learned of a host is known in the next run', (t) => {
  const path = join(temporaryFolder(t), 'data', 'hosts.json')
  const memory = openHostMemory(path, () => start)
  assert.equal(memory.start('a.test'), undefined)
  memory.learnGood('a.test', 8)
  memory.learnCap('b.test:8080', 2)
  assert.equal(memory.save(), null)
  const next = openHostMemory(path, () => start + hour)
  assert.deepEqual([next.start('a.test'), next.cap('a.test')], [8, undefined])
  assert.deepEqual([next.start('b.test:8080'), next.cap('b.test:8080')], [2, 2])
  assert.equal(next.start('c.test'), undefined)
})

test('after a day it is forgotten', (t) => {
  const path = join(temporaryFolder(t), 'hosts.json')
  const memory = openHostMemory(path, () => start)
  memory.learnCap('a.test', 2)
  memory.save()
  assert.equal(openHostMemory(path, () => start + 24 * hour - 1).cap('a.test'), 2)
  assert.equal(openHostMemory(path, () => start + 24 * hour).cap('a.test'), undefined)
})

test('only its owner may read it, and nothing is left beside it', (t) => {
  const dir = join(temporaryFolder(t), 'data')
  const memory = openHostMemory(join(dir, 'hosts.json'), () => start)
  memory.learnGood('a.test', 8)
  memory.save()
  assert.deepEqual(readdirSync(dir), ['hosts.json'])
  assert.equal(statSync(join(dir, 'hosts.json')).mode & 0o077, 0)
})

test('nothing learned, nothing written', (t) => {
  const dir = temporaryFolder(t)
  const memory = openHostMemory(join(dir, 'hosts.json'), () => start)
  memory.start('a.test')
  assert.equal(memory.save(), null)
  assert.deepEqual(readdirSync(dir), [])
})

test('a damaged file is an empty memory that can be learned anew', (t) => {
  const path = join(temporaryFolder(t), 'hosts.json')
  const damaged = [
    '',
    '{',
    'null',
    '7',
    '[]',
    '{"hosts":null}',
    '{"hosts":7}',
    '{"hosts":{"a.test":null}}',
    '{"hosts":{"a.test":{"learnedAt":"x","good":8}}}',
    '\0\0\0',
    '{"version":1,"hosts":{"a.test":{"good":8',
  ]
  for (const text of damaged) {
    writeFileSync(path, text)
    const memory = openHostMemory(path, () => start)
    assert.equal(memory.start('a.test'), undefined, text)
    memory.learnGood('a.test', 4)
    assert.equal(memory.save(), null)
    assert.equal(openHostMemory(path, () => start).start('a.test'), 4)
  }
})

test('numbers that are no numbers of connections are not believed', (t) => {
  const path = join(temporaryFolder(t), 'hosts.json')
  for (const good of [0, -1, 33, 1e9, 1.5, '8', null, [8], NaN]) {
    writeFileSync(path, JSON.stringify({ version: 1, hosts: { 'a.test': { learnedAt: start, good, cap: good } } }))
    const memory = openHostMemory(path, () => start)
    assert.deepEqual([memory.start('a.test'), memory.cap('a.test')], [undefined, undefined], String(good))
  }
})

test('of very many hosts the latest thousand are kept', (t) => {
  const path = join(temporaryFolder(t), 'hosts.json')
  let now = start
  const memory = openHostMemory(path, () => now++)
  for (let n = 0; n < 1200; n++) memory.learnGood(`h${n}.test`, 4)
  memory.save()
  const { hosts } = JSON.parse(readFileSync(path, 'utf8')) as { hosts: Record<string, unknown> }
  assert.equal(Object.keys(hosts).length, 1000)
  assert.ok('h1199.test' in hosts && !('h199.test' in hosts))
})

test('a place that cannot be written to is told and nothing else', (t) => {
  const dir = temporaryFolder(t)
  writeFileSync(join(dir, 'file'), '')
  const memory = openHostMemory(join(dir, 'file', 'hosts.json'), () => start)
  memory.learnGood('a.test', 8)
  assert.ok(memory.save() instanceof Error)
  assert.equal(memory.start('a.test'), 8)
  mkdirSync(join(dir, 'hosts.json'))
  assert.equal(openHostMemory(join(dir, 'hosts.json'), () => start).start('a.test'), undefined)
})

test('a host is held until the latest time that was asked for', (t) => {
  const memory = openHostMemory(join(temporaryFolder(t), 'hosts.json'), () => start)
  assert.equal(memory.heldUntil('a.test'), 0)
  memory.holdUntil('a.test', 2000)
  memory.holdUntil('a.test', 1000)
  assert.equal(memory.heldUntil('a.test'), 2000)
  assert.equal(memory.heldUntil('b.test'), 0)
})
