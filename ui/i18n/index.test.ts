import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { catalogue as de } from './de/index.ts'
import { catalogue as en } from './en/index.ts'
import { catalogue as fa } from './fa/index.ts'
import { t } from './index.ts'
import type { Key } from './index.ts'
import { directionOf, languageState, onLanguage, setLanguage } from './language.ts'
import type { Catalogue, Message } from './types.ts'

/** Every text of a catalogue with the name of its key. */
function textsOf(catalogue: Catalogue): Map<string, readonly string[]> {
  const all = Object.entries(catalogue).flatMap(([namespace, messages]) =>
    Object.entries(messages).map(([key, message]) => [`${namespace}.${key}`, formsOf(message)] as const),
  )
  return new Map(all)
}

function formsOf(message: Message): readonly string[] {
  return typeof message === 'string' ? [message] : Object.values(message)
}

function parametersOf(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)))].sort()
}

afterEach(() => setLanguage('en'))

describe('texts', () => {
  it('are English until another language is there', async () => {
    assert.equal(t('common.pause'), 'Pause')
    await setLanguage('de')
    assert.equal(t('common.pause'), 'Anhalten')
    await setLanguage('fa')
    assert.equal(t('common.pause'), 'توقف')
    assert.deepEqual([languageState().direction, directionOf('de')], ['rtl', 'ltr'])
  })

  it('take parameters, numbers in the digits of the language', async () => {
    assert.equal(t('common.perSecond', { size: '5 MiB' }), '5 MiB/s')
    assert.equal(t('common.perSecond', { size: 12_345 }), '12,345/s')
    assert.equal(t('common.perSecond'), '{size}/s')
    await setLanguage('fa')
    assert.match(t('common.perSecond', { size: 12 }), /^۱۲/)
  })

  it('keep a name apart that is written the other way than they are', async () => {
    assert.equal(t('state.removeDone', { count: 1, name: 'a.zip' }), 'Removed a.zip')
    assert.equal(t('state.removeDone', { count: 1, name: 'فایل (1).zip' }), 'Removed \u2068فایل (1).zip\u2069')
    await setLanguage('fa')
    assert.match(t('state.removeDone', { count: 1, name: 'a.zip' }), /\u2068a\.zip\u2069/)
    assert.doesNotMatch(t('state.removeDone', { count: 1, name: 'فایل' }), /\u2068/)
  })

  it('that nobody knows are shown as their key', () => {
    assert.equal(t('common.nothing' as Key), 'common.nothing')
  })

  it('of the language asked for last are shown, whichever comes first', async () => {
    let changes = 0
    const stop = onLanguage(() => changes++)
    await Promise.all([setLanguage('fa'), setLanguage('de')])
    stop()
    await setLanguage('en')
    assert.equal(changes, 1)
    assert.equal(languageState().language, 'en')
  })
})

for (const [language, catalogue] of [
  ['German', de],
  ['Persian', fa],
] as const) {
  describe(`the ${language} catalogue`, () => {
    const own = textsOf(catalogue)

    it('has each text of the English one, and no other', () => {
      assert.deepEqual([...own.keys()].sort(), [...textsOf(en).keys()].sort())
    })

    it('says something wherever English does, with the same parameters', () => {
      for (const [key, texts] of textsOf(en)) {
        const forms = own.get(key) ?? []
        assert.equal(forms.includes(''), texts.includes(''), key)
        assert.deepEqual(parametersOf(forms), parametersOf(texts), key)
      }
    })
  })
}

it('forms by number are chosen by the rules of the language', () => {
  const rules = { en: en, de, fa }
  for (const [language, catalogue] of Object.entries(rules)) {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const [namespace, messages] of Object.entries(catalogue as Catalogue)) {
      for (const [key, message] of Object.entries(messages)) {
        if (typeof message === 'string') continue
        for (const form of needed) assert.ok(form in message, `${language} ${namespace}.${key}: '${form}' is missing`)
      }
    }
  }
})
