import { answerOf, bodyBytes, rangeAnswer, wholeAnswer, withBody, withHeaders } from '../answer.ts'
import type { Fault, FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import type { Simple } from '../lab.ts'
import { always, cutThen, resumed, toRanges } from './lies.ts'
import type { Change } from './lies.ts'

const size = 256 * KiB
/** Bytes that come before the connection is cut; the rest is asked for as a range. */
const cut = 100 * KiB

/** Either it finds a way to the right bytes (by starting anew, say) or it says what is wrong. */
const rightOrRefused = [0, 3, 4, 5]

function lie(
  name: string,
  why: string,
  exit: ReadonlyArray<number>,
  change: Change,
  options: Partial<Simple> = {},
): Fault {
  return { name, why, setup: (lab) => simple(lab, cutThen(cut, toRanges(change)), { exit, requests: 20, ...options }) }
}

function contentRange(value: string | null): Change {
  return (correct) => withHeaders(correct, { 'Content-Range': value })
}

/** The entity's bytes from another place than the one asked for, said openly. */
function shifted(by: number): Change {
  return (correct, request) => {
    const { body } = correct
    if (Buffer.isBuffer(body)) return correct
    const start = (request.range?.start ?? 0) + by
    return withHeaders(withBody(correct, { ...body, start }), { 'Content-Range': `bytes ${start}-${size - 1}/${size}` })
  }
}

export const ranges: FaultGroup = {
  group: 'ranges',
  faults: [
    lie('206-starts-later', 'section D: 206 with other range', rightOrRefused, shifted(1000)),
    lie('206-starts-earlier', 'section D: 206 with other range', rightOrRefused, shifted(-1000)),
    {
      name: '206-starts-wrong-once',
      why: 'section D: 206 with other range',
      setup: (lab) =>
        simple(
          lab,
          cutThen(cut, (correct, request) => (request.index === 2 ? shifted(1000)(correct, request) : correct)),
          { exit: [0] },
        ),
    },
    lie('206-with-the-whole-file', 'section D: 206 with other range', rightOrRefused, (correct) => {
      const { body } = correct
      if (Buffer.isBuffer(body)) return correct
      return rangeAnswer({ content: body.content, etag: null, lastModified: null, type: null, ranges: true }, 0, size)
    }),
    lie('206-shorter-than-asked', 'section D: re-ask the rest', [0], (correct, request) => {
      const { body } = correct
      if (Buffer.isBuffer(body)) return correct
      const end = Math.min(body.end, body.start + 40 * KiB)
      const lied = withBody(correct, { ...body, end })
      return withHeaders(lied, { 'Content-Range': `bytes ${request.range?.start}-${end - 1}/${size}` })
    }),
    lie('206-without-content-range', 'reliability B', rightOrRefused, contentRange(null)),
    lie('206-content-range-garbage', 'reliability B', rightOrRefused, contentRange('bytes from here to there')),
    lie(
      '206-content-range-reversed',
      'reliability B',
      rightOrRefused,
      contentRange(`bytes ${size - 1}-${cut}/${size}`),
    ),
    lie(
      '206-content-range-other-unit',
      'RFC 9110 14.1',
      rightOrRefused,
      contentRange(`items ${cut}-${size - 1}/${size}`),
    ),
    lie(
      '206-content-range-overflows',
      'reliability B',
      rightOrRefused,
      contentRange(`bytes ${cut}-99999999999999999999/${size}`),
    ),
    lie('206-end-beyond-total', 'RFC 9110 14.4', rightOrRefused, contentRange(`bytes ${cut}-${size + 9}/${size}`)),
    lie('206-total-unknown', 'section D: */N', [0], contentRange(`bytes ${cut}-${size - 1}/*`)),
    lie(
      '206-total-bigger',
      'section D: 206 with other range',
      rightOrRefused,
      contentRange(`bytes ${cut}-${size - 1}/${size + 5000}`),
    ),
    lie(
      '206-total-smaller',
      'section D: N smaller',
      rightOrRefused,
      contentRange(`bytes ${cut}-${size - 5001}/${size - 5000}`),
    ),
    lie(
      '206-unit-in-capitals',
      'RFC 9110 14.1: case-insensitive',
      [0],
      contentRange(`Bytes ${cut}-${size - 1}/${size}`),
    ),
    lie('206-body-shorter-than-said', 'section D: Short body', [0], (correct, request) =>
      request.index < 4 ? { ...correct, cut: { after: 30 * KiB, how: 'fin' } } : correct,
    ),
    lie('206-body-longer-than-said', 'reliability B', rightOrRefused, (correct) => ({
      ...correct,
      body: Buffer.concat([bodyBytes(correct.body), Buffer.alloc(1000, 'x')]),
      close: true,
    })),
    lie('206-length-differs-from-range', 'RFC 9110 15.3.7', rightOrRefused, (correct) =>
      withBody(correct, bodyBytes(correct.body).subarray(5000)),
    ),
    lie('206-multipart', 'reliability B: 206 multipart/byteranges', [0, 4], (correct) => {
      const part = `\r\n--edge\r\nContent-Type: text/plain\r\nContent-Range: bytes ${cut}-${size - 1}/${size}\r\n\r\n`
      const body = Buffer.concat([Buffer.from(part), bodyBytes(correct.body), Buffer.from('\r\n--edge--\r\n')])
      return withHeaders(withBody(correct, body), {
        'Content-Range': null,
        'Content-Type': 'multipart/byteranges; boundary=edge',
      })
    }),
    lie('206-in-chunks', 'RFC 9112 7.1', [0], (correct) => {
      const body = bodyBytes(correct.body)
      const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])
      return withHeaders({ ...correct, body: chunk }, { 'Content-Length': null, 'Transfer-Encoding': 'chunked' })
    }),
    {
      name: '206-to-a-plain-get',
      why: 'reliability A1 Chromium: 206 unasked',
      setup: (lab) =>
        simple(
          lab,
          always((correct) =>
            withHeaders({ ...correct, status: 206 }, { 'Content-Range': `bytes 0-${size - 1}/${size}` }),
          ),
          { exit: rightOrRefused },
        ),
    },
    {
      name: '206-slice-to-a-plain-get',
      why: 'reliability A1 Chromium: 206 unasked',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (_request, correct) => {
              const { body } = correct
              if (Buffer.isBuffer(body)) return correct
              const slice = withBody(correct, { ...body, start: 0, end: 1000 })
              return withHeaders({ ...slice, status: 206 }, { 'Content-Range': `bytes 0-999/${size}` })
            },
          },
          { exit: [3, 4, 5], requests: 20 },
        ),
    },
    {
      name: '200-to-a-range-once-small',
      why: 'section D: Server ignores Range; lead: restart when <= 8 MiB are lost',
      setup: (lab) => simple(lab, cutThen(cut), { exit: [0], entity: { ranges: false }, refetched: 200 * KiB }),
    },
    {
      name: '200-to-a-range-though-promised',
      why: 'section D: Server ignores Range',
      setup: (lab) =>
        simple(
          lab,
          cutThen(cut, (correct) => (correct.status === 206 ? { ...wholeAnswer(lab.main().entity) } : correct)),
          { exit: [0, 4] },
        ),
    },
    {
      name: '200-to-a-range-big',
      why: 'section D: ask before dropping > 8 MB; lead: part kept, range-refused',
      setup: (lab) =>
        simple(lab, cutThen(10 * MiB), {
          exit: [4],
          size: 12 * MiB,
          entity: { ranges: false },
          part: true,
          refetched: 12 * MiB,
        }),
    },
    {
      name: '200-to-every-range-of-many',
      why: 'reliability D: ignores Range, at most 1.5 x the size received',
      setup: (lab) =>
        simple(
          lab,
          always((correct, request) => (request.range === null ? correct : wholeAnswer(lab.main().entity))),
          {
            exit: [0],
            size: 16 * MiB,
            refetched: 8 * MiB,
            ask: { connections: 8 },
          },
        ).then((plan) => {
          lab.main().scenario = { ...lab.main().scenario, rate: 10 * MiB }
          return plan
        }),
    },
    lie('200-with-a-slice', 'reliability A3: 200 with a correct Content-Range', rightOrRefused, (correct) => ({
      ...correct,
      status: 200,
    })),
    lie('416-in-the-middle', 'section D: 416', rightOrRefused, () =>
      answerOf(416, [['Content-Range', `bytes */${size}`]], Buffer.alloc(0)),
    ),
    lie('416-without-total', 'section D: 416', rightOrRefused, () => answerOf(416, [], Buffer.alloc(0))),
    lie('416-once', 'section D: 416, re-probe', rightOrRefused, (correct, request) =>
      request.index === 2 ? answerOf(416, [['Content-Range', `bytes */${size}`]], Buffer.alloc(0)) : correct,
    ),
    {
      name: '416-because-it-shrank',
      why: 'reliability B: 416, file shrank',
      needs: ['if-changed'],
      setup: (lab) =>
        resumed(lab, {
          exit: [5],
          part: true,
          entity: { etag: null, lastModified: null },
          then: (origin) => (origin.entity = { ...origin.entity, content: lab.content(50 * KiB, 99) }),
        }),
    },
    {
      name: '416-to-a-plain-get',
      why: 'RFC 9110 15.5.17',
      setup: (lab) =>
        simple(
          lab,
          always(() => answerOf(416, [], Buffer.alloc(0))),
          { exit: [3, 4, 5], requests: 10 },
        ),
    },
    lie('range-answered-304', 'RFC 9110 15.4.5', rightOrRefused, () => answerOf(304, [], Buffer.alloc(0))),
    lie('range-answered-204', 'reliability B', rightOrRefused, () => answerOf(204, [], Buffer.alloc(0))),
  ],
}
