import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { previewRequest, promisedName } from './preview-request.ts'

describe('a preview', () => {
  for (const host of [
    'example.org',
    'example.org:8443',
    '127.0.0.1:8080',
    '[::1]:8080',
    'localhost:3000',
    'xn--mnchen-3ya.xn--p1ai',
  ])
    it(`is asked for at ${host}`, () => {
      const reference = `http://${host}/a`
      assert.deepEqual(previewRequest(reference, {}), { reference })
    })

  for (const host of ['exa', 'example.o', 'a:80'])
    it(`is not asked for while the host is only ${host}`, () => {
      assert.equal(previewRequest(`http://${host}`, {}), null)
    })

  it('depends on what changes the answer, and on nothing else', () => {
    const reference = 'https://a.test/1'
    const options = {
      headers: { A: '1' },
      checksum: ['md5:x'],
      priority: 1,
      paused: true,
      startAt: 'x',
      ifExists: 'skip',
    } as const
    assert.deepEqual(previewRequest(reference, options), { reference, headers: { A: '1' }, checksum: ['md5:x'] })
  })
})

describe('the promised name', () => {
  it('is the last part of the path, else the host', () => {
    assert.equal(promisedName('https://a.test/b/my%20file.zip?x=1'), 'my file.zip')
    assert.equal(promisedName('https://a.test/b/'), 'b')
    assert.equal(promisedName('https://a.test/'), 'a.test')
    assert.equal(promisedName('https://a.test/100%.zip'), '100%.zip')
  })
})
