import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { judgeAnswer, statusError } from './answer.ts'
import type { Answer, Judgement, Known } from './answer.ts'
import type { ErrorCode, RetryClass } from './errors.ts'
import { noValidators } from './validators.ts'

const now = Date.UTC(2026, 10, 14, 12)
const plain: Answer = {
  status: 200,
  contentLength: null,
  contentRange: undefined,
  contentType: undefined,
  coded: false,
  retryAfter: undefined,
  validators: noValidators,
}
const tagged = (etag: string): Known['validators'] => ({ etag, lastModified: null, date: null })
const known: Known = { size: 1000, validators: tagged('"a"') }

type Asked = Parameters<typeof judgeAnswer>[1]

const judge = (answer: Partial<Answer>, asked: Asked = null, before: Known | null = null): Judgement =>
  judgeAnswer({ ...plain, ...answer }, asked, before, now)

/** A 206 to the request for bytes 100 to 199 of 1000, with what is told differently. */
const part = (
  answer: Partial<Answer>,
  asked: Asked = { start: 100, end: 200 },
  before: Known | null = known,
): Judgement =>
  judge(
    { status: 206, contentRange: 'bytes 100-199/1000', contentLength: 100, validators: tagged('"a"'), ...answer },
    asked,
    before,
  )

function assertRefused(judgement: Judgement, code: ErrorCode, name = ''): void {
  assert.equal(judgement.kind, 'refused', name)
  if (judgement.kind === 'refused') assert.equal(judgement.error.code, code, name)
}

test('200 and 203 carry the whole file', () => {
  assert.deepEqual(judge({ contentLength: 7 }), { kind: 'whole', size: 7, ignored: false })
  assert.deepEqual(judge({ status: 203, contentLength: 7 }), { kind: 'whole', size: 7, ignored: false })
  assert.deepEqual(judge({}), { kind: 'whole', size: null, ignored: false })
})

test('200 to a range is the whole file with the range ignored, never a part', () => {
  assert.deepEqual(judge({ contentLength: 1000, contentRange: 'bytes 100-199/1000' }, { start: 100, end: 200 }), {
    kind: 'whole',
    size: 1000,
    ignored: true,
  })
})

test('the length of an encoded body is not the size of the file', () => {
  assert.deepEqual(judge({ contentLength: 7, coded: true }, null, { size: 1000, validators: noValidators }), {
    kind: 'whole',
    size: null,
    ignored: false,
  })
})

test('a whole answer of another size or validator is a changed file', () => {
  assertRefused(judge({ contentLength: 999, validators: tagged('"a"') }, null, known), 'remote-changed')
  assertRefused(judge({ contentLength: 1001, validators: tagged('"a"') }, null, known), 'remote-changed')
  assertRefused(judge({ contentLength: 1000, validators: tagged('"b"') }, null, known), 'remote-changed')
})

test('206 with the start, total and validator that are expected is that part', () => {
  assert.deepEqual(part({}), { kind: 'part', start: 100, end: 200, size: 1000, tagUnstable: false })
  assert.deepEqual(part({ contentLength: null }), {
    kind: 'part',
    start: 100,
    end: 200,
    size: 1000,
    tagUnstable: false,
  })
  assert.deepEqual(part({}, { start: 100, end: null }), {
    kind: 'part',
    start: 100,
    end: 200,
    size: 1000,
    tagUnstable: false,
  })
})

test('206 may be shorter than asked, and may leave the total open', () => {
  assert.deepEqual(part({ contentRange: 'bytes 100-149/1000', contentLength: 50 }), {
    kind: 'part',
    start: 100,
    end: 150,
    size: 1000,
    tagUnstable: false,
  })
  assert.deepEqual(part({ contentRange: 'bytes 100-199/*' }), {
    kind: 'part',
    start: 100,
    end: 200,
    size: null,
    tagUnstable: false,
  })
})

test('206 that proves something else is refused', () => {
  const table: ReadonlyArray<readonly [string, Partial<Answer>, ErrorCode]> = [
    ['no Content-Range', { contentRange: undefined }, 'range-mismatch'],
    ['a Content-Range that is none', { contentRange: 'bytes 100-' }, 'range-mismatch'],
    ['an unsatisfied one', { contentRange: 'bytes */1000' }, 'range-mismatch'],
    ['another unit', { contentRange: 'items 100-199/1000' }, 'range-mismatch'],
    ['it starts before', { contentRange: 'bytes 99-199/1000', contentLength: 101 }, 'range-mismatch'],
    ['it starts behind', { contentRange: 'bytes 101-199/1000', contentLength: 99 }, 'range-mismatch'],
    ['it starts at the front', { contentRange: 'bytes 0-99/1000' }, 'range-mismatch'],
    ['it ends behind', { contentRange: 'bytes 100-200/1000', contentLength: 101 }, 'range-mismatch'],
    ['its length is shorter', { contentLength: 99 }, 'range-mismatch'],
    ['its length is longer', { contentLength: 1000 }, 'range-mismatch'],
    ['it is encoded', { coded: true }, 'range-mismatch'],
    ['several parts', { contentType: 'multipart/byteranges; boundary=x', contentRange: undefined }, 'range-refused'],
    ['several parts, in capitals', { contentType: 'Multipart/ByteRanges' }, 'range-refused'],
    ['another validator', { validators: tagged('"b"') }, 'remote-changed'],
    ['a smaller file', { contentRange: 'bytes 100-199/999' }, 'remote-changed'],
  ]
  for (const [name, answer, code] of table) assertRefused(part(answer), code, name)
})

test('206 without a question for a range is refused', () => {
  assertRefused(judge({ status: 206, contentRange: 'bytes 0-99/100', contentLength: 100 }), 'bad-response')
})

test('a larger total under the same validator is a file that grows', () => {
  assert.deepEqual(part({ contentRange: 'bytes 100-199/2000' }), {
    kind: 'part',
    start: 100,
    end: 200,
    size: 2000,
    tagUnstable: false,
  })
  assertRefused(part({ contentRange: 'bytes 100-199/2000', validators: tagged('"b"') }), 'remote-changed')
  assertRefused(
    part({ contentRange: 'bytes 100-199/2000', validators: noValidators }, undefined, {
      size: 1000,
      validators: noValidators,
    }),
    'remote-changed',
  )
})

test('an ETag that differs while size and strong date agree is unstable, not another file', () => {
  const dated = (etag: string): Known['validators'] => ({
    etag,
    lastModified: 'Sat, 14 Nov 2026 10:00:00 GMT',
    date: 'Sat, 14 Nov 2026 11:00:00 GMT',
  })
  const judgement = part(
    { validators: dated('"b"') },
    { start: 100, end: 200 },
    { size: 1000, validators: dated('"a"') },
  )
  assert.ok(judgement.kind === 'part' && judgement.tagUnstable)
})

test('property: a part is only ever accepted from exactly the byte that was asked for, and not beyond', () => {
  const position = fc.nat(30)
  fc.assert(
    fc.property(position, position, position, position, fc.option(fc.nat(40)), (start, length, first, last, total) => {
      const asked = { start, end: start + length + 1 }
      const judgement = judge({ status: 206, contentRange: `bytes ${first}-${last}/${total ?? '*'}` }, asked)
      if (judgement.kind !== 'part') return
      assert.equal(judgement.start, start)
      assert.ok(judgement.end > start && judgement.end <= asked.end && (total === null || judgement.end <= total))
    }),
  )
})

test('416 to a range tells the size of the file if it can', () => {
  const asked = { start: 1000, end: null }
  assert.deepEqual(judge({ status: 416, contentRange: 'bytes */700' }, asked), { kind: 'beyond', size: 700 })
  assert.deepEqual(judge({ status: 416 }, asked), { kind: 'beyond', size: null })
  assert.deepEqual(judge({ status: 416, contentRange: 'bytes */*' }, asked), { kind: 'beyond', size: null })
  assertRefused(judge({ status: 416, contentRange: 'bytes */700' }), 'http-status')
})

test('every other status has its code and its way of being tried again', () => {
  const table: ReadonlyArray<readonly [ErrorCode, RetryClass | null, ReadonlyArray<number>]> = [
    // Asked anew at most where a cached target was refused: test/system/transfer-redirects.test.ts.
    ['http-unauthorized', null, [401]],
    ['http-forbidden', null, [403]],
    ['http-not-found', null, [410]],
    ['http-not-found', 'never', [404]],
    ['proxy', 'never', [407]],
    ['http-busy', 'backoff', [429, 503]],
    ['http-server-error', 'backoff', [408, 425, 500, 502, 504, 507, 520, 522, 524, 599]],
    ['http-server-error', 'never', [501, 505]],
    [
      'http-status',
      'never',
      [201, 202, 204, 205, 207, 300, 304, 305, 400, 402, 405, 406, 409, 412, 413, 414, 418, 422, 426, 431, 451],
    ],
  ]
  for (const [code, retry, statuses] of table) {
    for (const status of statuses) {
      const judgement = judge({ status })
      assertRefused(judgement, code, String(status))
      if (judgement.kind !== 'refused') continue
      if (retry === null) assert.notEqual(judgement.error.retry, 'backoff', String(status))
      else assert.equal(judgement.error.retry, retry, String(status))
      assert.equal(judgement.error.status, status)
      assert.match(judgement.error.message, new RegExp(`${status}.*\\.$`))
    }
  }
})

test('Retry-After goes with the error, in seconds or as a date', () => {
  assert.equal(statusError(503, '120', now).retryAfter, 120)
  assert.equal(statusError(429, 'Sat, 14 Nov 2026 12:00:30 GMT', now).retryAfter, 30)
  assert.equal(statusError(500, '3', now).retryAfter, 3)
  assert.equal(statusError(503, 'soon', now).retryAfter, undefined)
  assert.equal(statusError(503, undefined, now).retryAfter, undefined)
})
