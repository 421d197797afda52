import assert from 'node:assert/strict'
import { it } from 'node:test'
import { client } from './client.ts'

it('a daemon that cannot be reached is told in words of the page, not of the browser', async (t) => {
  t.mock.method(globalThis, 'fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  await assert.rejects(client.settings(), { code: 'connect-failed', message: 'The daemon does not answer.' })
})

it('a request that is stopped stays one', async (t) => {
  t.mock.method(globalThis, 'fetch', () => Promise.reject(new DOMException('stopped', 'AbortError')))
  await assert.rejects(client.settings(), { code: 'interrupted' })
})
