import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { meantLanguage } from './meant-language.ts'

describe('the language of the page', () => {
  it('is the one that was chosen', () => {
    assert.equal(meantLanguage('fa', ['de']), 'fa')
  })

  it('is the first of the browser that there is, when nothing was chosen', () => {
    assert.equal(meantLanguage('auto', ['fr-FR', 'de-AT', 'en']), 'de')
    assert.equal(meantLanguage('auto', ['FA']), 'fa')
  })

  it('is English where none fits', () => {
    assert.equal(meantLanguage('auto', ['ja', '']), 'en')
  })
})
