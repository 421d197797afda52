import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from './errors.ts'
import { allTargets, hostTarget, parseTarget, showTarget } from './llama-target.ts'

const spellings: Record<string, string[]> = {
  'linux/amd64': [
    'linux/amd64',
    'linux-x64',
    'linux_amd64',
    'Linux/x86_64',
    'linux-x86_64',
    'linux-x86-64',
    ' linux/amd64 ',
  ],
  'linux/arm64': ['linux/arm64', 'linux/aarch64', 'LINUX-ARM64'],
  'darwin/amd64': ['darwin/amd64', 'macos-x64', 'osx/x64'],
  'darwin/arm64': ['darwin/arm64', 'macos/arm64', 'mac-aarch64'],
  'windows/amd64': ['windows/amd64', 'win32-x64', 'win-x64', 'Windows/X64'],
  'windows/arm64': ['windows/arm64', 'win32/arm64'],
}

function refused(text: string, words: RegExp): void {
  assert.throws(
    () => parseTarget(text),
    (error) =>
      error instanceof SluiceError &&
      error.code === 'unsupported-platform' &&
      words.test(error.message) &&
      /^[\x20-\x7e…]+$/.test(error.message) &&
      /linux\/amd64, linux\/arm64, darwin\/amd64, darwin\/arm64, windows\/amd64, windows\/arm64/.test(error.hint),
    text,
  )
}

test('six platforms are known in the words of Go, Node and uname', () => {
  assert.deepEqual(allTargets.map(showTarget).sort(), Object.keys(spellings).sort())
  for (const [shown, texts] of Object.entries(spellings))
    for (const text of texts) assert.equal(showTarget(parseTarget(text)), shown, text)
})

test('a platform without builds is named, with those that have some', () => {
  refused('plan9/amd64', /plan9\/amd64: the system plan9/)
  refused('linux/riscv64', /linux\/riscv64: the architecture riscv64/)
  refused('plan9/mips', /for plan9\/mips/)
  refused('freebsd-x64', /freebsd/)
  refused('constructor/__proto__', /is (?:no platform|not supported)|Nothing is built/)
})

test('a text that is no platform is told, not dropped', () => {
  for (const text of [
    '',
    ' ',
    'linux',
    '/',
    'linux/',
    '/amd64',
    'linux/amd64/v2',
    'linux//amd64',
    'linux amd64',
    'a\u001b[2J/b',
    '../..',
  ])
    refused(text, /is no platform|Nothing is built/)
  refused(`linux/${'a'.repeat(100_000)}`, /is no platform/)
})

test('the platform of a machine is found by what Node says of it', () => {
  assert.equal(showTarget(hostTarget('win32', 'x64')), 'windows/amd64')
  assert.equal(showTarget(hostTarget('darwin', 'arm64')), 'darwin/arm64')
  assert.throws(() => hostTarget('aix', 'ppc64'), { code: 'unsupported-platform', message: /aix\/ppc64/ })
})
