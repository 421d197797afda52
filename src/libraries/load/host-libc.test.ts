import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostLibc } from './host-libc.ts'

const report =
  (header: unknown, sharedObjects: unknown = []) =>
  () => ({ header, sharedObjects })

test('glibc is told with its version, musl by its loader, and nothing is guessed', () => {
  assert.deepEqual(hostLibc('linux', report({ glibcVersionRuntime: '2.36' })), { family: 'glibc', version: '2.36' })
  assert.deepEqual(hostLibc('linux', report({}, ['/lib/ld-musl-x86_64.so.1'])), { family: 'musl', version: null })
  for (const odd of [
    () => null,
    () => 'x',
    report(null),
    report({ glibcVersionRuntime: 2 }),
    report({}, 'x'),
    report({}, [1]),
  ])
    assert.equal(hostLibc('linux', odd), null)
  assert.equal(hostLibc('linux', report({ glibcVersionRuntime: '2.36\u001b' })), null)
  assert.equal(hostLibc('darwin', report({ glibcVersionRuntime: '2.36' })), null)
})

test('this process tells its own, and the report is left as it was set', () => {
  const libc = hostLibc()
  if (process.platform === 'linux') assert.ok(libc !== null)
  else assert.equal(libc, null)
  assert.equal(Reflect.get(process.report, 'excludeNetwork'), false)
})
