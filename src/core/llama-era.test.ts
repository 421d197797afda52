import assert from 'node:assert/strict'
import { test } from 'node:test'
import { machine } from '../../test/support/hardware-facts.ts'
import { checkRunsOn, glibcFloor, hasBrokenLinks, macosFloor, mendLink, withoutLibraries } from './llama-era.ts'
import { parseTarget } from './llama-target.ts'

const linux = parseTarget('linux/amd64')
const linuxArm = parseTarget('linux/arm64')
const mac = parseTarget('darwin/arm64')
const windows = parseTarget('windows/amd64')

function refused(tag: string, target: typeof linux, facts: Parameters<typeof machine>[0], words: RegExp): void {
  assert.throws(() => checkRunsOn(tag, target, machine(facts)), { code: 'unsupported-platform', message: words })
}

test('builds before b4545 have no library for Linux and macOS, each era for its own reason', () => {
  assert.match(withoutLibraries('b4406', linux) ?? '', /programs only/)
  assert.match(withoutLibraries('b4407', linux) ?? '', /lack libllama/)
  assert.match(withoutLibraries('b4544', mac) ?? '', /lack libllama from b4407 to b4544/)
  assert.equal(withoutLibraries('b4545', linux), null)
  assert.equal(withoutLibraries('b4410', windows), null)
  assert.equal(withoutLibraries('v0.6.0', linux), null)
  assert.throws(() => checkRunsOn('b4410', linux, null), {
    code: 'unsupported-platform',
    message: /b4410 .*linux\/amd64.*lack libllama/,
  })
})

test('links are broken from b9165 to b9172', () => {
  assert.deepEqual(['b9164', 'b9165', 'b9172', 'b9173', 'v1.0.0'].map(hasBrokenLinks), [
    false,
    true,
    true,
    false,
    false,
  ])
})

test('broken links are led back, and only those', () => {
  const mend = mendLink('b9165')
  assert.equal(mend('llama-b9165/libllama.so', 'llama-b9165ibllama.so.0'), 'libllama.so.0')
  assert.equal(mend('llama-b9165/libllama.so.0', 'llama-b9165ibllama.so.0.0.9165'), 'libllama.so.0.0.9165')
  assert.equal(mend('libggml-base.dylib', 'llama-b9165ibggml-base.0.dylib'), 'libggml-base.0.dylib')
  assert.equal(mend('libllama.so', 'libllama.so.0'), null)
  assert.equal(mend('libllama.so', 'llama-b9165'), null)
  assert.equal(mend('libllama.so', 'llama-b9166ibllama.so.0'), null)
  assert.equal(mend('libllama.so', 'llama-b9165ibggml.so.0'), null)
  assert.equal(mend('libllama.so', 'llama-b9165ibllama.so/../../x'), null)
  assert.equal(mend('libllama.so', 'llama-b9165ibllama.so'), null)
  assert.equal(mend('libllama.so', '../llama-b9165ibllama.so.0'), null)
  assert.equal(mend('', 'llama-b9165'), null)
})

test('Linux builds need glibc 2.34, on arm64 2.38 since b8599', () => {
  assert.equal(glibcFloor('b11541', linux), '2.34')
  assert.equal(glibcFloor('b11541', linuxArm), '2.38')
  assert.equal(glibcFloor('b8599', linuxArm), '2.38')
  assert.equal(glibcFloor('b5000', linuxArm), '2.34')
  assert.equal(glibcFloor('b11541', mac), null)
  refused(
    'b11541',
    linux,
    { libc: { family: 'glibc', version: '2.31' } },
    /needs glibc 2\.34 or newer; this system has 2\.31/,
  )
  refused('b11541', linuxArm, { arch: 'arm64' }, /needs glibc 2\.38 or newer; this system has 2\.36/)
  checkRunsOn('b11541', linux, machine({ libc: { family: 'glibc', version: '2.34' } }))
  checkRunsOn('b11541', linux, machine({ libc: { family: 'glibc', version: null } }))
  checkRunsOn('b11541', linux, machine({ libc: null }))
})

test('there is nothing for musl', () => {
  refused('b11541', linux, { libc: { family: 'musl', version: null } }, /no build for musl.* glibc 2\.34/)
})

test('macOS builds need macOS 13.3, on arm64 from b9416 to b10267 macOS 26', () => {
  assert.deepEqual(
    ['b9415', 'b9416', 'b10267', 'b10268'].map((tag) => macosFloor(tag, mac)),
    ['13.3', '26', '26', '13.3'],
  )
  assert.equal(macosFloor('b9420', parseTarget('darwin/amd64')), '13.3')
  assert.equal(macosFloor('b9420', windows), null)
  const old = { platform: 'darwin', arch: 'arm64', osVersion: '15.1' }
  refused('b9420', mac, old, /needs macOS 26 or newer; this system has 15\.1/)
  assert.throws(() => checkRunsOn('b9420', mac, machine(old)), { hint: /b9415 or b10268/ })
  refused('b11541', mac, { ...old, osVersion: '12.7' }, /needs macOS 13\.3/)
  checkRunsOn('b9420', mac, machine({ ...old, osVersion: '26.0' }))
  checkRunsOn('b11541', mac, machine(old))
  checkRunsOn('b9420', mac, machine({ ...old, osVersion: null }))
})
