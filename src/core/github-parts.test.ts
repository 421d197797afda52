import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readLimit } from './github-limit.ts'
import { nextPage } from './github-link.ts'
import { nearestTags } from './github-tags.ts'

const now = Date.UTC(2026, 10, 21, 12)
const limit = (status: number, headers: Readonly<Record<string, string>>, words = '') =>
  readLimit(status, (name) => headers[name] ?? null, words, now)

describe('a limit', () => {
  it('is primary where nothing remains, with the time of the reset', () => {
    for (const status of [403, 429]) {
      const reset = String(now / 1000 + 1800)
      assert.deepEqual(limit(status, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }), {
        kind: 'primary',
        resetAt: now + 1_800_000,
      })
    }
  })

  it('tells its reset in seconds since 1970, in seconds from now, or as a date', () => {
    const at = (reset: string) => limit(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })
    assert.deepEqual(at('90'), { kind: 'primary', resetAt: now + 90_000 })
    assert.deepEqual(at(new Date(now + 60_000).toUTCString()), { kind: 'primary', resetAt: now + 60_000 })
    assert.deepEqual(at(String(now / 1000 - 60)), { kind: 'primary', resetAt: now })
    for (const odd of ['', 'soon', String(now / 1000 + 90_001), '999999999999', '-1'])
      assert.deepEqual(at(odd), { kind: 'primary', resetAt: null }, odd)
  })

  it('is secondary with Retry-After, or by its words', () => {
    assert.deepEqual(limit(403, { 'retry-after': '30' }), { kind: 'secondary', seconds: 30 })
    assert.deepEqual(limit(429, {}), { kind: 'secondary', seconds: null })
    const words = 'You have exceeded a secondary rate limit.'
    assert.deepEqual(limit(403, { 'x-ratelimit-remaining': '40' }, words), { kind: 'secondary', seconds: null })
    const abuse = 'You have triggered an abuse detection mechanism.'
    assert.deepEqual(limit(403, {}, abuse), { kind: 'secondary', seconds: null })
    assert.deepEqual(limit(403, {}, 'API rate limit exceeded for 1.2.3.4.'), { kind: 'primary', resetAt: null })
  })

  it('is none for other answers', () => {
    assert.equal(limit(403, { 'x-ratelimit-remaining': '12' }, 'Forbidden'), null)
    assert.equal(limit(200, { 'x-ratelimit-remaining': '0' }), null)
    assert.equal(limit(404, { 'x-ratelimit-remaining': '0' }), null)
  })
})

describe('the next page', () => {
  const list = new URL('https://api.github.com/repos/o/r/releases?per_page=10')
  const next = (link: string | null): string | undefined => nextPage(link, list)?.href

  it('is that of rel="next"', () => {
    const link =
      '<https://api.github.com/repositories/7/releases?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last"'
    assert.equal(next(link), 'https://api.github.com/repositories/7/releases?page=2')
    assert.equal(next('<?page=2>; rel="prev next"'), 'https://api.github.com/repos/o/r/releases?page=2')
    assert.equal(next('<?page=2>;rel=next'), 'https://api.github.com/repos/o/r/releases?page=2')
  })

  it('is never elsewhere, and never the same one', () => {
    for (const target of [
      'https://evil.test/?page=2',
      'http://api.github.com/?page=2',
      'https://api.github.com:444/',
      list.href,
      'https://[',
    ])
      assert.equal(next(`<${target}>; rel="next"`), undefined, target)
    for (const link of [null, '', 'rel="next"', '<x>; rel="last"', '<x>; title="next"'])
      assert.equal(next(link), undefined, String(link))
  })
})

describe('tags that may have been meant', () => {
  it('are builds of the nearest numbers', () => {
    assert.deepEqual(nearestTags('b99', ['b150', 'b98', 'v1', 'b101', 'b2', 'b98']), ['b98', 'b101', 'b150'])
  })

  it('are those that begin alike, with or without a v', () => {
    assert.deepEqual(nearestTags('1.2.9', ['v2.0', 'v1.2.3', 'v1.3.0', 'x'], 2), ['v1.2.3', 'v1.3.0'])
    assert.deepEqual(nearestTags('zzz', ['v1', 'b2']), [])
    assert.deepEqual(nearestTags('v1', ['v1']), [])
  })
})
