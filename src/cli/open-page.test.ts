import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserCommand } from './open-page.ts'

const url = 'http://127.0.0.1:8080'

test('the page opens in the way of each system', () => {
  assert.deepEqual(browserCommand(url, 'linux', { DISPLAY: ':0' }), ['xdg-open', url])
  assert.deepEqual(browserCommand(url, 'linux', { WAYLAND_DISPLAY: 'wayland-0' }), ['xdg-open', url])
  assert.deepEqual(browserCommand(url, 'darwin', {}), ['open', url])
  assert.equal(browserCommand(url, 'win32', {})?.at(-1), url)
})

test('nothing opens where there is no desktop', () => {
  assert.equal(browserCommand(url, 'linux', {}), undefined)
  assert.equal(browserCommand(url, 'linux', { DISPLAY: '' }), undefined)
  assert.equal(browserCommand(url, 'darwin', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }), undefined)
})
