import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPreferences, usualPreferences } from './preferences.ts'

function storageOf(entries: Record<string, string> = {}, broken = false) {
  const kept = new Map(Object.entries(entries))
  const fail = (): never => {
    throw new DOMException('not allowed', 'SecurityError')
  }
  return {
    kept,
    getItem: (key: string) => (broken ? fail() : (kept.get(key) ?? null)),
    setItem: (key: string, value: string) => void (broken ? fail() : kept.set(key, value)),
  }
}

describe('preferences', () => {
  it('are kept as they were set', () => {
    const storage = storageOf()
    createPreferences(() => storage).set('theme', 'dark')
    assert.equal(createPreferences(() => storage).get('theme'), 'dark')
  })

  it('are the usual ones where the storage holds something else', () => {
    const storage = storageOf({
      'sluice.theme': '"pink"',
      'sluice.sound': '1',
      'sluice.detailWidth': '1e9',
      'sluice.lastTab': '{"__proto__":1}',
      'sluice.language': 'not json',
      'sluice.filterPresets': '[{"name":"x","address":"javascript:1"}]',
    })
    const preferences = createPreferences(() => storage)
    for (const key of Object.keys(usualPreferences) as Array<keyof typeof usualPreferences>)
      assert.deepEqual(preferences.get(key), usualPreferences[key], key)
  })

  it('work for this page where nothing can be stored', () => {
    for (const storage of [() => undefined, () => storageOf({}, true)]) {
      const preferences = createPreferences(storage)
      preferences.set('density', 'compact')
      assert.equal(preferences.get('density'), 'compact')
    }
  })

  it('take no value that could not be read again', () => {
    const preferences = createPreferences(() => storageOf())
    preferences.set('detailWidth', 5)
    assert.equal(preferences.get('detailWidth'), usualPreferences.detailWidth)
  })

  it('tell of changes, also of those of another tab', () => {
    const storage = storageOf()
    const preferences = createPreferences(() => storage)
    const heard: string[] = []
    preferences.subscribe(() => heard.push(preferences.get('theme')))
    preferences.set('theme', 'light')
    storage.kept.set('sluice.theme', '"dark"')
    preferences.forget()
    assert.deepEqual(heard, ['light', 'dark'])
  })

  it('give the same list until it changes', () => {
    const preferences = createPreferences(() => storageOf({ 'sluice.filterPresets': '[{"name":"x","address":"/"}]' }))
    assert.equal(preferences.get('filterPresets'), preferences.get('filterPresets'))
  })
})
