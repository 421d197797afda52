import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createDropWatch } from './drop-watch.ts'

function watched() {
  const page = new EventTarget()
  const stop = new AbortController()
  const told: string[] = []
  createDropWatch(page as unknown as Window, stop.signal, {
    over: (is) => told.push(is ? 'over' : 'away'),
    dropped: () => told.push('dropped'),
  })
  /** Whether the page took the event, so that the browser leaves it alone. */
  const send = (type: string, types: readonly string[] = ['Files']): boolean => {
    const event = new Event(type, { cancelable: true })
    Object.assign(event, { dataTransfer: { types, dropEffect: 'none' } })
    return !page.dispatchEvent(event)
  }
  return { send, told, stop }
}

describe('what is dragged over the page', () => {
  it('is told once, however many elements it passes', () => {
    const { send, told } = watched()
    for (const type of ['dragenter', 'dragenter', 'dragleave', 'dragenter', 'dragleave']) send(type)
    assert.deepEqual(told, ['over'])
    send('dragleave')
    assert.deepEqual(told, ['over', 'away'])
  })

  it('never replaces the page when it is dropped', () => {
    const { send, told } = watched()
    assert.ok(send('dragenter') && send('dragover') && send('drop'))
    assert.deepEqual(told, ['over', 'away', 'dropped'])
  })

  it('is left alone when it comes from the page itself', () => {
    const { send, told } = watched()
    send('dragstart', ['text/plain'])
    assert.ok(!send('dragenter', ['text/plain']) && !send('drop', ['text/plain']))
    send('dragend')
    assert.ok(send('dragenter', ['text/plain']))
    assert.deepEqual(told, ['over'])
  })

  it('is taken again after a row that was dragged went away before its end', () => {
    const { send } = watched()
    send('dragstart', ['text/plain'])
    send('pointermove')
    assert.ok(send('dragenter'))
  })

  it('is left alone when it is neither a file nor a text', () => {
    const { send, told } = watched()
    assert.ok(!send('dragenter', ['application/x-something']))
    assert.deepEqual(told, [])
  })

  it('is nothing any more once the page has gone', () => {
    const { send, told, stop } = watched()
    send('dragenter')
    stop.abort()
    send('drop')
    assert.deepEqual(told, ['over', 'away'])
  })
})
