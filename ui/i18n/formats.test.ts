import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { ago, bytes, clockTime, count, dateTime, duration, percent, rate } from './formats.ts'
import { setLanguage } from './language.ts'

/** With ordinary spaces, to be readable here. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

afterEach(() => setLanguage('en'))

describe('bytes', () => {
  it('are IEC with three digits, so that a figure keeps its width', () => {
    const shown = [0, 1, 999, 1023, 1024, 10_240, 123_456, 1_048_575, 1_048_576, 5.5 * 1024 ** 3, 3e12].map(bytes)
    assert.deepEqual(shown.map(plain), [
      '0 B',
      '1 B',
      '999 B',
      '1,023 B',
      '1.00 KiB',
      '10.0 KiB',
      '121 KiB',
      '1.00 MiB',
      '1.00 MiB',
      '5.50 GiB',
      '2.73 TiB',
    ])
  })

  it('of odd numbers stay readable', () => {
    assert.equal(plain(bytes(-5)), '0 B')
    assert.equal(plain(bytes(1.6)), '2 B')
    assert.equal(plain(bytes(2 ** 70)), '1,048,576 PiB')
  })

  it('never break between number and unit', () => assert.match(bytes(5), /^5\u00a0B$/))

  it('are written as the language does', async () => {
    await setLanguage('de')
    assert.equal(plain(bytes(1_572_864)), '1,50 MiB')
    await setLanguage('fa')
    assert.equal(
      bytes(1_572_864)
        .replace(/[\u00a0\u2066-\u2069]/g, ' ')
        .trim(),
      '۱٫۵۰ MiB',
    )
  })
})

it('a rate is bytes per second', async () => {
  assert.equal(plain(rate(1_572_864)), '1.50 MiB/s')
  await setLanguage('fa')
  assert.match(rate(1_572_864), /۱٫۵۰/)
})

it('a duration has its two largest units', async () => {
  const shown = [0, 0.4, 59, 60, 200, 3599.6, 18_420, 190_000].map(duration)
  assert.deepEqual(shown.map(plain), ['0s', '0s', '59s', '1m 0s', '3m 20s', '1h 0m', '5h 7m', '2d 4h'])
  await setLanguage('de')
  assert.deepEqual([200, 18_420].map(duration).map(plain), ['3 Min. 20 Sek.', '5 Std. 7 Min.'])
  await setLanguage('fa')
  assert.deepEqual([9, 200].map(duration).map(plain), ['۹ ثانیه', '۳ دقیقه و ۲۰ ثانیه'])
})

it('100 % is shown only when nothing is missing', async () => {
  assert.deepEqual([0, 0.999_99, 1, 1.5, -1, 0.29].map(percent), ['0%', '99%', '100%', '100%', '0%', '29%'])
  await setLanguage('fa')
  assert.match(percent(0.5), /۵۰٪/)
})

it('counts have the separators and digits of the language', async () => {
  assert.equal(count(12_345), '12,345')
  await setLanguage('de')
  assert.equal(count(12_345), '12.345')
  await setLanguage('fa')
  assert.equal(count(12_345), '۱۲٬۳۴۵')
})

describe('times', () => {
  const now = Date.UTC(2026, 10, 21, 12)
  const before = (seconds: number): string => new Date(now - seconds * 1000).toISOString()

  it('are said from now', async () => {
    const shown = [0, 5, 90, 7200, 86_400, 3 * 86_400, 8 * 86_400, 70 * 86_400, 800 * 86_400, -300].map((s) =>
      ago(before(s), now),
    )
    assert.deepEqual(shown, [
      'now',
      '5 seconds ago',
      '1 minute ago',
      '2 hours ago',
      'yesterday',
      '3 days ago',
      'last week',
      '2 months ago',
      '2 years ago',
      'in 5 minutes',
    ])
    await setLanguage('de')
    assert.equal(ago(before(7200), now), 'vor 2 Stunden')
  })

  it('are also said as day and minute', async () => {
    assert.match(dateTime(before(0)), /^Nov 2\d, 2026, /)
    await setLanguage('de')
    assert.match(dateTime(before(0)), /^2\d\.11\.2026, /)
  })

  it('are written as where the person lives', async () => {
    await setLanguage('en', ['de-AT', 'en-GB', 'en-US'])
    assert.match(dateTime(before(0)), /^2\d Nov 2026, /)
    assert.match(clockTime(new Date(2026, 10, 21, 15, 4, 5).toISOString(), { seconds: true }), /^15:04:05$/)
    for (const others of [['de-AT'], ['en-US@posix', 'en-']]) {
      await setLanguage('en', others)
      assert.match(dateTime(before(0)), /^Nov 2\d, 2026, /)
    }
    await setLanguage('en', ['en-US@posix', 'en-GB'])
    assert.match(dateTime(before(0)), /^2\d Nov 2026, /)
  })

  it('that cannot be read are shown as they are', () => {
    assert.equal(dateTime('soon'), 'soon')
    assert.equal(ago('soon', now), 'soon')
  })
})
