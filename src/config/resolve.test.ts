import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import type { OptionSpec } from './option-spec.ts'
import { getOptions } from './options.ts'
import { resolveSettings } from './resolve.ts'
import type { Settings } from './resolve.ts'

interface Sources {
  readonly flags?: Record<string, string[]>
  readonly env?: Record<string, string>
  readonly file?: Record<string, string[]>
}

function settle({ flags = {}, env = {}, file = {} }: Sources): Settings {
  const given = { flags: new Map(Object.entries(flags)), env, file: new Map(Object.entries(file)), filePath: '/c.toml' }
  return resolveSettings(getOptions, given)
}

function refusal(sources: Sources): SluiceError {
  try {
    settle(sources)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'usage') return error
    throw error
  }
  return assert.fail('nothing was refused')
}

test('a flag wins over the environment, that over the file, that over the default', () => {
  const file = { jobs: ['3'] }
  const env = { SLUICE_JOBS: '2' }
  assert.equal(settle({}).number('jobs'), 4)
  assert.equal(settle({ file }).number('jobs'), 3)
  assert.equal(settle({ file, env }).number('jobs'), 2)
  assert.equal(settle({ file, env, flags: { jobs: ['1'] } }).number('jobs'), 1)
  assert.equal(settle({ env: { SLUICE_JOBS: '' } }).number('jobs'), 4, 'an empty variable is none')
  assert.deepEqual(
    [settle({ file }), settle({ file, env }), settle({})].map((one) => one.isFromFile('jobs')),
    [true, false, false],
  )
})

test('the last of several values counts, unless the option is repeatable', () => {
  const settings = settle({ flags: { dir: ['a', 'b'], header: ['A: 1', 'B:2'] } })
  assert.equal(settings.text('dir'), 'b')
  assert.deepEqual(settings.list('header'), ['A: 1', 'B: 2'])
  assert.deepEqual(settle({}).list('header'), [])
})

test('values come in milliseconds, bytes per second and canonical digests', () => {
  const hex = 'AB'.repeat(32)
  const settings = settle({
    flags: { 'stall-timeout': ['1.5'], 'limit-rate': ['600K'], sha256: [hex], checksum: [`SHA-256=${hex}`] },
  })
  assert.equal(settings.number('stall-timeout'), 1500)
  assert.equal(settings.number('limit-rate'), 614_400)
  assert.equal(settings.text('sha256'), `sha256:${hex.toLowerCase()}`)
  assert.deepEqual(settings.list('checksum'), [`sha256:${hex.toLowerCase()}`])
  assert.equal(settle({ flags: { connections: ['auto'] } }).number('connections'), undefined)
  assert.equal(settle({ flags: { timeout: ['0'] } }).number('timeout'), undefined)
  assert.equal(settle({ flags: { 'limit-rate': ['0'] } }).number('limit-rate'), undefined)
})

test('a wrong value is refused with the place it stands at', () => {
  assert.match(refusal({ flags: { jobs: ['33'] } }).message, /^--jobs: .*from 1 to 32/)
  assert.match(refusal({ env: { SLUICE_JOBS: 'many' } }).message, /^SLUICE_JOBS: /)
  assert.match(refusal({ file: { jobs: ['0'] } }).message, /^jobs in \/c\.toml: /)
  const wrong: Array<[string, string]> = [
    ['jobs', '-1'],
    ['jobs', '1.5'],
    ['jobs', ''],
    ['connections', '0'],
    ['retries', 'x'],
    ['timeout', '-1'],
    ['timeout', '9e99'],
    ['timeout', '99999999'],
    ['connect-timeout', '0'],
    ['limit-rate', 'fast'],
    ['if-exists', 'maybe'],
    ['sha256', 'abc'],
    ['checksum', 'crc32:00'],
    ['proxy', 'ftp://x'],
    ['proxy', 'http://'],
    ['dir', ''],
    ['dir', 'a\0b'],
    ['user-agent', 'a\r\nb: c'],
    ['json', 'perhaps'],
  ]
  for (const [name, value] of wrong)
    assert.match(refusal({ flags: { [name]: [value] } }).message, new RegExp(`^--${name}: `), name)
})

test('headers that HTTP cannot carry, or that Sluice sets itself, are refused without repeating their value', () => {
  for (const header of [
    'noColon',
    ': x',
    'Bad Name: x',
    'Range: bytes=0-',
    'hOsT: x',
    'Accept-Encoding: gzip',
    'X: a\u20ac',
    'X: a\rb',
  ]) {
    assert.match(refusal({ flags: { header: [header] } }).message, /^--header: /)
  }
  assert.doesNotMatch(refusal({ flags: { header: ['Authorization: Bearer s3cret\u0000'] } }).message, /s3cret/)
  assert.deepEqual(settle({ flags: { header: ['X-Empty:', 'Cookie: a=b: c'] } }).list('header'), [
    'X-Empty: ',
    'Cookie: a=b: c',
  ])
})

test('every option can be asked for by its kind, and only by that', () => {
  const settings = settle({ flags: { jobs: ['2'] } })
  assert.throws(() => settings.text('jobs'), { code: 'internal' })
  assert.throws(() => settings.flag('dir'), { code: 'internal' })
  assert.throws(() => settings.number('dir'), { code: 'internal' })
})

test('the table has no name, short flag or variable twice, and every value has a word in the help', () => {
  const specs: readonly OptionSpec[] = getOptions
  for (const pick of [(s: OptionSpec) => s.name, (s: OptionSpec) => s.short, (s: OptionSpec) => s.env]) {
    const values = specs.map(pick).filter((value) => value !== undefined)
    assert.deepEqual(values, [...new Set(values)])
  }
  for (const spec of specs) assert.equal(spec.value === undefined, spec.kind === 'flag', spec.name)
})
