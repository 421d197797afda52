import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from '../core/errors.ts'
import { changedSettings, defaultSettings, settingsSchema } from './settings.ts'

function refused(change: unknown, words: RegExp): void {
  assert.throws(
    () => changedSettings(defaultSettings, change),
    (error) => error instanceof SluiceError && error.code === 'usage' && words.test(error.message),
    JSON.stringify(change),
  )
}

const window = { days: [1, 5], from: '08:00', to: '18:00', bytesPerSecond: 1000 }

test('the defaults are valid, complete and documented', () => {
  assert.deepEqual(settingsSchema.parse(defaultSettings), defaultSettings)
  assert.deepEqual(changedSettings(defaultSettings, {}), defaultSettings)
  assert.equal(defaultSettings.maxConcurrent, 4)
  assert.equal(defaultSettings.ifExists, 'rename')
  for (const [key, field] of Object.entries(settingsSchema.shape))
    assert.notEqual(field.meta()?.['title'] ?? '', '', `${key} has a title`)
})

test('a change replaces the keys that it names and keeps the others', () => {
  const once = changedSettings(defaultSettings, { maxConcurrent: 8, speedWindows: [window] })
  const twice = changedSettings(once, { speedLimit: 5000, presets: [{ name: 'slow', speedLimit: 10 }] })
  assert.deepEqual(twice, {
    ...defaultSettings,
    maxConcurrent: 8,
    speedWindows: [window],
    speedLimit: 5000,
    presets: [{ name: 'slow', speedLimit: 10 }],
  })
})

test('null brings one key back to its default', () => {
  const changed = changedSettings(defaultSettings, { maxConcurrent: 8, retries: 1 })
  assert.deepEqual(changedSettings(changed, { maxConcurrent: null }), { ...defaultSettings, retries: 1 })
})

test('a change that is no object is refused', () => {
  for (const change of [null, undefined, 1, 'x', [], true]) refused(change, /an object/)
})

test('unknown keys, wrong types and values out of range are refused with the name of the key', () => {
  refused({ theme: 'dark' }, /theme/)
  refused({ onComplete: ['rm'] }, /onComplete/)
  refused({ maxConcurrent: 0 }, /^maxConcurrent: /)
  refused({ maxConcurrent: 33 }, /^maxConcurrent: /)
  refused({ maxConcurrent: 1.5 }, /^maxConcurrent: /)
  refused({ maxConcurrent: '4' }, /^maxConcurrent: /)
  refused({ speedLimit: -1 }, /^speedLimit: /)
  refused({ speedLimit: Infinity }, /^speedLimit: /)
  refused({ clearCompleted: 2 }, /^clearCompleted: /)
  refused({ autoStart: 'yes' }, /^autoStart: /)
  refused({ downloadFolder: 'a\nb' }, /^downloadFolder: /)
  refused({ logLevel: 'trace' }, /^logLevel: /)
  refused({ maxConcurrent: 0, retries: -1 }, /maxConcurrent: .*retries: /)
})

test('keys of prototypes are unknown keys', () => {
  refused(JSON.parse('{"__proto__": {"maxConcurrent": 9}}'), /__proto__/)
  refused({ constructor: 1 }, /constructor/)
  refused(JSON.parse('{"presets": [{"name": "x", "__proto__": {"dir": "/"}}]}'), /__proto__/)
  assert.equal(({} as Record<string, unknown>)['maxConcurrent'], undefined)
})

test('windows need days, times of day and a rate', () => {
  for (const wrong of [
    { days: [] },
    { days: [7] },
    { from: '24:00' },
    { to: '8:00' },
    { to: '08:60' },
    { bytesPerSecond: -1 },
  ])
    refused({ speedWindows: [{ ...window, ...wrong }] }, /^speedWindows\.0\./)
})

test('names of presets are unique', () => {
  refused({ presets: [{ name: 'a' }, { name: 'a' }] }, /presets: two/)
  refused({ presets: [{ name: '' }] }, /^presets\.0\.name/)
})

test('the template of names is checked', () => {
  refused({ filenameTemplate: '{size}' }, /^filenameTemplate: .*"\{size\}"/)
  refused({ filenameTemplate: '../{name}' }, /^filenameTemplate: .*separator/)
  assert.equal(
    changedSettings(defaultSettings, { filenameTemplate: '{date} {name}' }).filenameTemplate,
    '{date} {name}',
  )
})

test('default headers hold no secrets and nothing that Sluice sets', () => {
  const header = (name: string, value = 'x') => ({ headers: [{ name, value }] })
  assert.equal(changedSettings(defaultSettings, header('Accept-Language', 'de')).headers.length, 1)
  for (const name of ['Authorization', 'Cookie', 'X-Api-Key', 'Private-Token', 'X-Session'])
    refused(header(name, 'geheim'), /secret/)
  assert.throws(
    () => changedSettings(defaultSettings, header('X-Token', 'geheim')),
    (error) => !String(error).includes('geheim'),
  )
  refused(header('Range'), /Range/)
  refused(header('a b'), /header/)
  refused(header('X', 'a\r\nb: c'), /header X/)
})

test('property: any change gives valid settings or a usage error that names no value', () => {
  const key = fc.constantFrom(...Object.keys(defaultSettings), '__proto__', 'x')
  fc.assert(
    fc.property(fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.constant('geheim'), fc.nat(40))), (change) => {
      try {
        const changed = changedSettings(defaultSettings, change)
        assert.deepEqual(settingsSchema.parse(changed), changed)
      } catch (error) {
        assert.ok(error instanceof SluiceError && error.code === 'usage', String(error))
        assert.doesNotMatch(error.message, /geheim/)
      }
    }),
    { numRuns: 500 },
  )
})
