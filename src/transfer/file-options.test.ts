import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effectiveOptions, ownProfile } from './file-options.ts'
import type { EngineOptions } from './types.ts'

const engine: EngineOptions = {
  connections: 4,
  limitRate: 1000,
  headers: [
    ['X-Token', 'engine'],
    ['User-Agent', 'engine header'],
    ['Accept', 'x/y'],
  ],
  userAgent: 'engine agent',
  retries: 5,
  insecure: false,
  family: 0,
  allowPrivate: false,
  ifExists: 'rename',
  ifChanged: 'fail',
  allowHtml: false,
  dataDir: '/nowhere',
  sync: true,
}
const profile = { headers: [], logins: new Map(), netrc: [], cookies: [] }

test('a file without options has those of the engine, and no rate cap of its own', () => {
  assert.deepEqual(effectiveOptions(engine), {
    connections: 4,
    limitRate: undefined,
    headers: engine.headers,
    userAgent: 'engine agent',
    referer: undefined,
    retries: 5,
    ifExists: 'rename',
    ifChanged: 'fail',
    allowHtml: false,
    nameTemplate: undefined,
  })
})

test('what a file says replaces what the engine says', () => {
  const own = {
    connections: 2,
    limitRate: 10,
    referer: 'http://r/',
    retries: 0,
    ifExists: 'skip',
    ifChanged: 'restart',
    allowHtml: true,
    nameTemplate: '{name}',
  } as const
  const { headers: _, userAgent: __, ...options } = effectiveOptions(engine, own)
  assert.deepEqual(options, own)
})

test('a header of the file replaces those of the same name, whatever their case; null takes one away', () => {
  const { headers } = effectiveOptions(engine, {
    headers: [
      ['x-token', 'file'],
      ['ACCEPT', null],
    ],
  })
  assert.deepEqual(headers, [
    ['User-Agent', 'engine header'],
    ['x-token', 'file'],
    ['ACCEPT', null],
  ])
})

test("the agent of a file counts more than a header of the engine, a file's own header more than its agent", () => {
  assert.deepEqual(
    effectiveOptions(engine, { userAgent: 'file agent' }).headers.map(([name]) => name),
    ['X-Token', 'Accept'],
  )
  assert.deepEqual(effectiveOptions(engine, { userAgent: 'a', headers: [['user-agent', 'b']] }).headers.at(-1), [
    'user-agent',
    'b',
  ])
})

test('numbers that cannot be are brought into their range', () => {
  assert.equal(effectiveOptions(engine, { connections: 99 }).connections, 32)
  assert.equal(effectiveOptions(engine, { connections: 0 }).connections, 1)
  assert.equal(effectiveOptions(engine, { limitRate: 0 }).limitRate, undefined)
  assert.equal(effectiveOptions(engine, { retries: -1 }).retries, 0)
})

test('only a file with fields of its own has a profile of its own, and what cannot be sent is refused', () => {
  assert.equal(ownProfile(profile, engine, undefined), null)
  assert.equal(ownProfile(profile, engine, { connections: 3, headers: [] }), null)
  assert.equal(ownProfile(profile, engine, { userAgent: 'x' })?.userAgent, 'x')
  assert.throws(() => ownProfile(profile, engine, { headers: [['Range', 'bytes=0-']] }), { code: 'usage' })
})
