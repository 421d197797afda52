import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IDLE_MS, reusableMs } from './keep-alive.ts'
import { parseHead } from './response-head.ts'

const reusable = (fields: string, version = '1.1'): number => reusableMs(parseHead(`HTTP/${version} 200 OK${fields}`))

describe('a connection after its answer', () => {
  it('is kept for 15 seconds in HTTP/1.1', () => {
    assert.equal(reusable(''), 15_000)
    assert.equal(reusable('\r\nConnection: keep-alive'), IDLE_MS)
  })

  it('is not kept when the server says close, in any list and case', () => {
    for (const value of ['close', 'Close', 'keep-alive, CLOSE', 'x ,close'])
      assert.equal(reusable(`\r\nConnection: ${value}`), 0)
    assert.equal(reusable('\r\nConnection: x\r\nConnection: close'), 0)
    assert.equal(reusable('\r\nConnection: closed'), IDLE_MS)
  })

  it('is kept in HTTP/1.0 only when the server says so', () => {
    assert.equal(reusable('', '1.0'), 0)
    assert.equal(reusable('\r\nConnection: Keep-Alive', '1.0'), IDLE_MS)
  })

  it('is kept a little shorter than the server keeps it', () => {
    assert.equal(reusable('\r\nKeep-Alive: timeout=5, max=100'), 4000)
    assert.equal(reusable('\r\nKeep-Alive: max=1,Timeout = "2"'), 1000)
    assert.equal(reusable('\r\nKeep-Alive: timeout=1'), 500)
    assert.equal(reusable('\r\nKeep-Alive: timeout=0'), 0)
    assert.equal(reusable('\r\nKeep-Alive: timeout=600'), IDLE_MS)
    assert.equal(reusable('\r\nKeep-Alive: 300'), IDLE_MS)
  })
})
