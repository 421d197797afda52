import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createNotifier } from './notifier.ts'
import { iconOf, progressMark } from './progress-mark.ts'
import { sampleDownload } from './sample-download.ts'
import { bySecond, createSpeedBook, keptSamples, withSample } from './speed-samples.ts'
import type { SpeedSample } from './speed-samples.ts'

describe('speeds over time', () => {
  it('are kept in order, five minutes of them, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2000, max: 5000 }), { maxLength: 800 }), (steps) => {
        let samples: readonly SpeedSample[] = []
        let at = 1e12
        for (const step of steps) {
          at += step
          samples = withSample(samples, { at, speed: 1 })
          assert.equal(samples.at(-1)?.at, at)
        }
        assert.ok(samples.length <= keptSamples)
        for (const [n, one] of samples.entries()) {
          assert.ok(one.at > at - keptSamples * 1000)
          if (n > 0) assert.ok(one.at >= (samples[n - 1]?.at ?? 0))
        }
      }),
    )
  })

  it('begin with the first sample, and are 0 for later seconds of which nothing is known', () => {
    const samples = [1000, 2000, 3000].map((at) => ({ at, speed: at }))
    assert.deepEqual(bySecond(samples, 8000, 60), [1000, 2000, 3000, 3000, 3000, 0, 0, 0])
    assert.deepEqual(bySecond(samples, 4000, 2), [3000, 3000])
    assert.deepEqual(bySecond([], 8000, 3), [])
  })

  it('are kept for a bounded number of downloads', () => {
    const book = createSpeedBook(3)
    for (const id of ['a', 'b', 'c', 'a', 'd']) book.note(id, { at: 1, speed: 1 })
    assert.deepEqual([book.size, book.of('b'), book.of('a').length], [3, [], 1])
    assert.equal(book.of('b'), book.of('none'))
  })
})

describe('the mark of the tab', () => {
  it('is the part of all active downloads whose size is known', () => {
    const rows = [
      sampleDownload({ status: 'active', bytesDone: 10, bytesTotal: 100 }),
      sampleDownload({ status: 'active', bytesDone: 500, bytesTotal: 300 }),
      sampleDownload({ status: 'active', bytesDone: 7, bytesTotal: null }),
      sampleDownload({ status: 'paused', bytesDone: 0, bytesTotal: 900 }),
    ]
    assert.deepEqual(progressMark(rows), { active: 3, part: 310 / 400 })
    assert.deepEqual(progressMark(rows.slice(2)), { active: 1, part: null })
    assert.deepEqual(progressMark([]), { active: 0, part: null })
  })

  it('is a picture without anything to load', () => {
    assert.match(iconOf(0.5), /^data:image\/svg\+xml,[\w%.'()-]+$/)
    assert.notEqual(iconOf(0.5), iconOf(0.52))
  })
})

describe('notices outside of the page', () => {
  function setUp(wanted: readonly string[], away = true) {
    const told: string[] = []
    const timers: Array<() => void> = []
    const notify = createNotifier({
      isAway: () => away,
      wants: (what) => wanted.includes(what),
      show: ({ title, body }) => told.push(`${title} ${body}`),
      beep: (mood) => told.push(mood),
      after: (_ms, callback) => timers.push(callback),
      t: (key, params = {}) => [key, ...Object.values(params)].join(' '),
    })
    const happen = (...types: Array<'completed' | 'failed' | 'started'>): string[] => {
      for (const type of types) notify({ type, download: sampleDownload({ filename: 'a.iso' }) })
      for (const run of timers.splice(0)) run()
      return told.splice(0)
    }
    return happen
  }

  it('tell of each end and failure, of many in one', () => {
    const happen = setUp(['notifications', 'sound'])
    assert.deepEqual(happen('started'), [])
    assert.deepEqual(happen('completed', 'failed'), [
      'good',
      'state.notice-completed a.iso',
      'state.notice-failed a.iso',
    ])
    assert.deepEqual(happen('failed'), ['bad', 'state.notice-failed a.iso'])
    assert.deepEqual(happen('completed', 'completed', 'failed', 'completed'), [
      'good',
      'state.notice-many 4 state.notice-sum 3 1',
    ])
  })

  it('do nothing that was not asked for, and show none to someone who looks at the page', () => {
    assert.deepEqual(setUp([])('completed', 'failed'), [])
    assert.deepEqual(setUp(['notifications'], false)('completed'), [])
    assert.deepEqual(setUp(['sound'], false)('completed'), ['good'])
  })
})
