import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedUntil } from './signed-url.ts'

const until = (query: string): number => signedUntil(new URL(`https://cdn.test/file?${query}`))
const moment = Date.UTC(2026, 10, 14, 10, 20, 30)

test('Amazon and Google give a date and a number of seconds', () => {
  assert.equal(until('X-Amz-Date=20261114T102030Z&X-Amz-Expires=300&X-Amz-Signature=ab'), moment + 300_000)
  assert.equal(until('X-Goog-Date=20261114T102030Z&X-Goog-Expires=60&X-Goog-Signature=ab'), moment + 60_000)
})

test('CloudFront and older S3 give seconds since 1970', () => {
  assert.equal(until(`Expires=${moment / 1000}&Signature=ab&Key-Pair-Id=K`), moment)
})

test('Azure gives a date', () => {
  assert.equal(until('se=2026-11-14T10%3A20%3A30Z&sig=ab'), moment)
})

test('a URL that tells nothing, or nothing sensible, lasts', () => {
  const silent = [
    '',
    'Expires=1',
    'Expires=1794651630',
    'se=2026-11-14',
    'Expires=soon&Signature=a',
    'Expires=1&Signature=a',
    'Expires=1e12&Signature=a',
    'se=soon&sig=a',
    'sig=a',
    'X-Amz-Expires=300',
    'X-Amz-Date=20261114T102030Z',
    'X-Amz-Date=20261114T102030Z&X-Amz-Expires=-5',
    'X-Amz-Date=20261114T102030Z&X-Amz-Expires=x',
    'X-Amz-Date=2026-11-14&X-Amz-Expires=300',
    'X-Amz-Date=20261114T102030Z&X-Goog-Expires=300',
  ]
  for (const query of silent) assert.equal(until(query), Infinity, query)
})
