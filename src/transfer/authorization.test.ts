import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Authorize } from '../wire/types.ts'
import { createAuthorization } from './authorization.ts'

const { signal } = new AbortController()
const refusal = (value: string | null): NonNullable<Parameters<Authorize>[0]> => ({ value, challenges: ['Basic'] })

test('connections that ask at once share an answer, and so do those that come late with the old value', async () => {
  const answers = ['one', 'two']
  let asked = 0
  const authorization = createAuthorization(async () => answers[asked++] ?? null, signal)
  assert.equal(authorization.value, undefined)
  assert.deepEqual(await Promise.all([authorization.renew(null), authorization.renew(null)]), ['one', 'one'])
  assert.equal(await authorization.renew(null), 'one')
  const renewed = await Promise.all([authorization.renew(refusal('one')), authorization.renew(refusal('one'))])
  assert.deepEqual(renewed, ['two', 'two'])
  assert.equal(await authorization.renew(refusal('one')), 'two')
  assert.equal(asked, 2)
  assert.equal(authorization.value, 'two')
})

test('no other value leaves the one that there is', async () => {
  for (const answer of ['one', null]) {
    let given: string | null = 'one'
    const authorization = createAuthorization(async () => given, signal)
    await authorization.renew(null)
    given = answer
    assert.equal(await authorization.renew(refusal('one')), null)
    assert.equal(authorization.value, 'one')
  }
})

test('nothing at first, and a value after the first refusal', async () => {
  const asked: unknown[] = []
  const authorization = createAuthorization(async (refused) => {
    asked.push(refused)
    return refused && 'one'
  }, signal)
  assert.equal(await authorization.renew(null), null)
  assert.equal(authorization.value, null)
  assert.equal(await authorization.renew(refusal(null)), 'one')
  assert.deepEqual(asked, [null, refusal(null)])
})

test('a failure is for those that wait, the next one asks again', async () => {
  let fails = true
  const authorization = createAuthorization(() => {
    if (fails) throw new Error('no answer')
    return Promise.resolve('one')
  }, signal)
  for (const one of [authorization.renew(null), authorization.renew(null)]) await assert.rejects(one, /no answer/)
  fails = false
  assert.equal(await authorization.renew(null), 'one')
})
