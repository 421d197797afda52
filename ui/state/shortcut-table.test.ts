import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isTaken, shortcutOf, shortcuts } from './shortcut-table.ts'
import type { Pressed } from './shortcut-table.ts'

function press(key: string, more: Partial<Pressed> = {}, letters = true): string | undefined {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  return shortcutOf({ key, code: '', ...none, ...more }, letters)?.name
}

describe('the shortcuts', () => {
  it('are those of the table', () => {
    const pressed = [
      'n',
      'f',
      '/',
      'a',
      'd',
      'Delete',
      'p',
      's',
      'h',
      '?',
      ' ',
      'Enter',
      'ArrowUp',
      'ArrowDown',
      'Escape',
    ].map((key) => press(key))
    assert.deepEqual(pressed, [
      'new',
      'search',
      'search',
      'selectAll',
      'remove',
      'remove',
      'pauseResume',
      'settings',
      'history',
      'help',
      'select',
      'open',
      'up',
      'down',
      'escape',
    ])
    assert.deepEqual([press('P', { shiftKey: true }), press('R', { shiftKey: true })], ['pauseAll', 'resumeAll'])
    assert.deepEqual([press('n', { ctrlKey: true }), press('a', { metaKey: true })], ['new', 'selectAll'])
  })

  it('leave the browser what is its own', () => {
    for (const key of ['f', 'p', 's', 'r', 'd', 'h', '/']) assert.equal(press(key, { ctrlKey: true }), undefined, key)
    assert.equal(press('n', { altKey: true }), undefined)
    assert.equal(press('N', { shiftKey: true }), undefined)
    assert.equal(press('Dead'), undefined)
  })

  it('are found by their place where the keyboard writes another script', () => {
    assert.equal(press('د', { code: 'KeyN' }), 'new')
    assert.equal(press('ح', { code: 'KeyP', shiftKey: true }), 'pauseAll')
    assert.equal(press('؟', { code: 'Slash', shiftKey: true }), undefined)
    // On a keyboard where the place of Q writes an a, the letter counts.
    assert.equal(press('a', { code: 'KeyQ' }), 'selectAll')
    assert.equal(press('/', { code: 'Digit7', shiftKey: true }), 'search')
  })

  it('of single letters can be switched off', () => {
    for (const key of ['n', 'd', '?', '/']) assert.equal(press(key, {}, false), undefined, key)
    assert.equal(press('P', { shiftKey: true }, false), undefined)
    assert.deepEqual(
      [
        press('n', { ctrlKey: true }, false),
        press('Delete', {}, false),
        press(' ', {}, false),
        press('Enter', {}, false),
      ],
      ['new', 'remove', 'select', 'open'],
    )
  })

  it('never have a key twice', () => {
    const keys = shortcuts.flatMap((one) => one.keys)
    assert.equal(new Set(keys).size, keys.length)
  })

  it('leave keys to texts, dialogs and menus, and those of rows to buttons', () => {
    const inside = (...found: string[]) => ({
      closest: (selectors: string) => found.some((one) => selectors.split(',').includes(one)) || null,
    })
    const of = (name: string) => shortcuts.find((one) => one.name === name) ?? assert.fail(name)
    assert.equal(isTaken(of('new'), inside('textarea')), true)
    assert.equal(isTaken(of('new'), inside('[role=dialog]')), true)
    assert.equal(isTaken(of('new'), inside('button')), false)
    assert.equal(isTaken(of('select'), inside('button')), true)
    assert.equal(isTaken(of('select'), inside()), false)
    assert.equal(isTaken(of('new'), null), false)
  })
})
