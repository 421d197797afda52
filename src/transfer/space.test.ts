import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { createSpace } from './space.ts'

const diskFull = { code: 'disk-full' }

test('what does not fit is refused, with both numbers and the folder', (t) => {
  const dir = temporaryFolder(t)
  const space = createSpace(() => 1024)
  assert.throws(
    () => space.claim(dir, 2048, () => 2048),
    (error: Error) => /2\.00 KiB/.test(error.message) && /1\.00 KiB/.test(error.message) && error.message.includes(dir),
  )
  space.claim(dir, 1024, () => 1024)
})

test('what others still need is not free', (t) => {
  const dir = temporaryFolder(t)
  const space = createSpace(() => 1000)
  space.claim(dir, 600, () => 600)
  assert.throws(() => space.claim(dir, 401, () => 401), diskFull)
  space.claim(dir, 400, () => 400)
  assert.throws(() => space.claim(dir, 1, () => 1), diskFull)
})

test('bytes that have arrived are counted by the disk, not by the claim', (t) => {
  const dir = temporaryFolder(t)
  let free = 1000
  let needed = 600
  const space = createSpace(() => free)
  space.claim(dir, needed, () => needed)
  free -= 500
  needed -= 500
  space.claim(dir, 400, () => 400)
  assert.throws(() => space.claim(dir, 1, () => 1), diskFull)
})

test('a claim that was released, or refused, takes nothing from others', (t) => {
  const dir = temporaryFolder(t)
  const space = createSpace(() => 1000)
  const claim = space.claim(dir, 1000, () => 1000)
  assert.throws(() => space.claim(dir, 1000, () => 1000), diskFull)
  claim.release()
  claim.release()
  space.claim(dir, 1000, () => 1000)
})

const hasOtherDisk = statSync('/proc', { throwIfNoEntry: false }) !== undefined

test('claims on another disk do not count', { skip: !hasOtherDisk }, (t) => {
  const dir = temporaryFolder(t)
  const space = createSpace(() => 1000)
  space.claim('/proc', 1000, () => 1000)
  space.claim(dir, 1000, () => 1000)
  assert.throws(() => space.claim(temporaryFolder(t), 1, () => 1), diskFull)
})

test('a file of unknown size needs no place before it comes', (t) => {
  const space = createSpace(() => 0)
  space.claim(temporaryFolder(t), 0, () => 0)
})

test('by default the disk is asked', (t) => {
  const dir = temporaryFolder(t)
  const space = createSpace()
  space.claim(dir, 1, () => 1)
  assert.throws(() => space.claim(dir, 2 ** 60, () => 0), diskFull)
})
