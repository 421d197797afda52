import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ExpectedDigest } from '../core/digest.ts'
import { wholeFileDigests } from './digest-fields.ts'

const base64 = (algorithm: string): string => createHash(algorithm).update('x').digest('base64')
const expected = (algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512'): ExpectedDigest => ({
  algorithm,
  hex: createHash(algorithm).update('x').digest('hex'),
})

function digests(status: number, fields: Record<string, string>): Promise<ExpectedDigest[]> {
  return wholeFileDigests({ status, field: (name) => fields[name] })
}

test('Repr-Digest describes the whole file, in a 200 and in a 206', async () => {
  const fields = { 'repr-digest': `sha-256=:${base64('sha256')}:, sha-512=:${base64('sha512')}:` }
  assert.deepEqual(await digests(200, fields), [expected('sha256'), expected('sha512')])
  assert.deepEqual(await digests(206, fields), [expected('sha256'), expected('sha512')])
})

test('Content-Digest counts only where the content is the whole file', async () => {
  const fields = { 'content-digest': `sha-256=:${base64('sha256')}:` }
  assert.deepEqual(await digests(200, fields), [expected('sha256')])
  assert.deepEqual(await digests(206, fields), [])
})

test('the older Digest field is read, with md5 and sha', async () => {
  const fields = { digest: `MD5=${base64('md5')}, SHA=${base64('sha1')},sha-256=${base64('sha256')},unixsum=30637` }
  assert.deepEqual(await digests(200, fields), [expected('md5'), expected('sha1'), expected('sha256')])
})

test('one digest said twice is one, two different ones are both kept', async () => {
  const one = `sha-256=:${base64('sha256')}:`
  assert.equal(
    (await digests(200, { 'repr-digest': one, 'content-digest': one, digest: `sha-256=${base64('sha256')}` })).length,
    1,
  )
  const other = `sha-256=:${createHash('sha256').update('y').digest('base64')}:`
  assert.equal((await digests(200, { 'repr-digest': one, 'content-digest': other })).length, 2)
})

test('other answers, coded ones, other algorithms and malformed values give nothing', async () => {
  const good = `sha-256=:${base64('sha256')}:`
  assert.deepEqual(await digests(302, { 'repr-digest': good }), [])
  assert.deepEqual(await digests(416, { 'repr-digest': good }), [])
  assert.deepEqual(await digests(200, { 'repr-digest': good, 'content-encoding': 'gzip' }), [])
  assert.equal((await digests(200, { 'repr-digest': good, 'content-encoding': 'identity' })).length, 1)
  for (const bad of [
    '',
    'sha-256',
    'sha-256=:AAAA:',
    'sha-256=abc',
    `md5=:${base64('md5')}:`,
    'sha-256=:****:',
    '\xff',
    `sha-256=${base64('sha256')}`,
    'unixsum=:AAAA:',
    `sha-256=(${good})`,
  ]) {
    assert.deepEqual(await digests(200, { 'repr-digest': bad }), [], bad)
  }
  for (const bad of ['', 'sha-256=', 'sha-256=AAAA', 'constructor=AAAA', '=', ',,'])
    assert.deepEqual(await digests(200, { digest: bad }), [], bad)
})

test('property: no field breaks it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('sha-256', '=', ':', ',', 'AAAA', '(', ')', ';', '"', ' ', '\xff') }),
      async (field) => {
        await digests(200, { 'repr-digest': field, digest: field })
      },
    ),
  )
})
