import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSelection } from './selection.ts'
import { createToasts } from './toasts.ts'

function setUp({ isEndless = (): boolean => false } = {}) {
  let now = 0
  const timers = new Map<() => void, number>()
  const toasts = createToasts({
    now: () => now,
    isEndless,
    after(ms, callback) {
      timers.set(callback, now + ms)
      return () => timers.delete(callback)
    },
  })
  return {
    ...toasts,
    texts: () => toasts.shown.get().map(({ text }) => text),
    pass(ms: number) {
      now += ms
      for (const [callback, at] of [...timers]) if (at <= now && timers.delete(callback)) callback()
    },
  }
}

describe('toasts', () => {
  it('go by themselves, errors later, lasting ones not at all', () => {
    const { show, pass, texts } = setUp()
    show({ kind: 'info', text: 'info' })
    show({ kind: 'error', text: 'error' })
    show({ kind: 'warning', text: 'lasting', lasting: true })
    pass(6000)
    assert.deepEqual(texts(), ['error', 'lasting'])
    pass(60_000)
    assert.deepEqual(texts(), ['lasting'])
  })

  it('stay until they are dismissed where a person wants that', () => {
    const { show, dismiss, pass, texts } = setUp({ isEndless: () => true })
    const first = show({ kind: 'info', text: 'info' })
    show({ kind: 'error', text: 'error' })
    pass(60_000)
    dismiss(first)
    assert.deepEqual(texts(), ['error'])
  })

  it('wait while someone is on them, with the time that they had left', () => {
    const { show, pass, texts, hold } = setUp()
    show({ kind: 'info', text: 'a' })
    pass(4000)
    hold(true)
    pass(60_000)
    hold(false)
    pass(1999)
    assert.deepEqual(texts(), ['a'])
    pass(1)
    assert.deepEqual(texts(), [])
  })

  it('take their action once, and say once that they are gone', () => {
    const { show, shown, dismiss } = setUp()
    const heard: string[] = []
    const number = show({
      kind: 'info',
      text: 'a',
      action: { label: 'Undo', onSelect: () => heard.push('undo') },
      onGone: () => heard.push('gone'),
    })
    const [toast] = shown.get()
    toast?.action?.onSelect()
    toast?.action?.onSelect()
    dismiss(number)
    assert.deepEqual(heard, ['undo', 'gone'])
  })

  it('are five at most, those with an action going last', () => {
    const { show, texts } = setUp()
    show({ kind: 'info', text: 'undo', action: { label: 'Undo', onSelect: () => {} } })
    for (const text of ['1', '2', '3', '4', '5']) show({ kind: 'error', text })
    assert.deepEqual(texts(), ['undo', '2', '3', '4', '5'])
  })
})

describe('the selection', () => {
  it('wakes only those whose choice changed', () => {
    const selection = createSelection()
    const woken: string[] = []
    for (const id of ['a', 'b', 'c']) selection.onOne(id, () => woken.push(id))
    selection.onAny(() => woken.push(`${selection.count()}`))
    selection.toggle('a')
    selection.range(['a', 'b'])
    selection.all(['b', 'c'])
    selection.drop(['x'])
    selection.toggle('b')
    selection.clear()
    assert.deepEqual(woken, ['a', '1', 'b', '2', 'a', 'c', '2', 'b', '1', 'c', '0'])
    assert.deepEqual(selection.ids(), [])
  })
})
