import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { batched, sentencesOf } from './happenings.ts'
import type { Happening } from './happenings.ts'

const happening = (type: Happening['type'], id: string): Happening => ({ type, id, name: `${id}.iso` })

describe('what is announced', () => {
  it('names a single download', () => {
    assert.deepEqual(sentencesOf([happening('completed', 'a')]), [
      { type: 'completed', key: 'frame.oneCompleted', params: { name: 'a.iso' } },
    ])
  })

  it('counts several, and tells failures first', () => {
    const all = ['a', 'b', 'c'].map((id) => happening('completed', id))
    assert.deepEqual(sentencesOf([happening('started', 'd'), ...all, happening('failed', 'e')]), [
      { type: 'failed', key: 'frame.oneFailed', params: { name: 'e.iso' } },
      { type: 'completed', key: 'frame.manyCompleted', params: { count: 3 } },
      { type: 'started', key: 'frame.oneStarted', params: { name: 'd.iso' } },
    ])
  })

  it('tells the same thing of one download once', () => {
    assert.equal(sentencesOf([happening('failed', 'a'), happening('failed', 'a')])[0]?.key, 'frame.oneFailed')
  })

  it('says nothing of nothing', () => {
    assert.deepEqual(sentencesOf([]), [])
  })
})

describe('a batch', () => {
  it('hands over together what comes before the time is up', () => {
    const handed: Array<readonly number[]> = []
    const timers: Array<() => void> = []
    const batch = batched<number>(
      1000,
      (all) => handed.push(all),
      (call) => {
        timers.push(call)
        return () => timers.splice(timers.indexOf(call), 1)
      },
    )
    batch.add(1)
    batch.add(2)
    assert.equal(timers.length, 1)
    timers.shift()?.()
    batch.add(3)
    assert.deepEqual(handed, [[1, 2]])
    batch.close()
    assert.equal(timers.length, 0)
  })
})
