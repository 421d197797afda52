import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { frame } from '../i18n/en/frame.ts'
import { shortcuts } from '../state/shortcut-table.ts'
import { keyNames } from './key-names.ts'

const english: Readonly<Record<string, unknown>> = frame
const word = (key: string): string => String(english[key.replace('frame.', '')])

describe('the keys of the help', () => {
  it('are called as they are on the keyboard', () => {
    assert.deepEqual(
      ['Mod+n', 'Shift+p', ' ', 'Delete', '?', 'ArrowUp'].map((keys) => keyNames(keys, false, word)),
      ['Ctrl+N', 'Shift+P', 'Space', 'Del', '?', 'Up'],
    )
  })

  it('are those of a Mac there', () => {
    assert.equal(keyNames('Mod+a', true, word), '⌘+A')
  })

  it('have words for every shortcut that there is', () => {
    assert.deepEqual(
      shortcuts.filter(({ name }) => typeof english[`shortcut_${name}`] !== 'string'),
      [],
    )
  })
})
