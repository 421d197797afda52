import { correctAnswer, rangeAnswer, withHeaders } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { FaultGroup, Outcome } from '../fault.ts'
import { KiB, simple } from '../lab.ts'
import type { Lab } from '../lab.ts'
import type { Origin } from '../server.ts'
import { always, cutThen, first, replaced, resumed, toRanges } from './lies.ts'

const cut = 100 * KiB
const rightOrChanged = [0, 5]

/** No request carried an If-Range that matches. */
function neverIfRange(lab: Lab, pattern: RegExp): (outcome: Outcome) => string | undefined {
  return () => {
    const sent = lab.origins.flatMap((origin) => origin.requests).map((request) => request.headers.get('if-range'))
    const bad = sent.find((value) => value !== undefined && pattern.test(value))
    return bad === undefined ? undefined : `If-Range: ${bad} was sent`
  }
}

/** Answers ranges without looking at If-Range. */
function ignoringIfRange(origin: Origin): void {
  origin.scenario = always(
    toRanges((_correct, request) => rangeAnswer(origin.entity, request.range?.start ?? 0, origin.entity.content.size)),
  )
}

export const validators: FaultGroup = {
  group: 'validators',
  faults: [
    {
      name: 'changed-between-runs',
      why: 'section D: Remote changed on resume',
      setup: (lab) =>
        resumed(lab, { exit: [5], part: true, then: (origin) => (origin.entity = replaced(lab, origin)) }),
      needs: ['if-changed'],
    },
    {
      name: 'changed-between-runs-start-anew',
      why: 'lead: --if-changed restart',
      needs: ['if-changed'],
      setup: (lab) =>
        resumed(lab, {
          exit: [0],
          bytes: [lab.content(256 * KiB, 99)],
          ask: { ifChanged: 'restart' },
          then: (origin) => (origin.entity = replaced(lab, origin)),
        }),
    },
    {
      name: 'changed-and-if-range-ignored',
      why: 'reliability B: honours or ignores If-Range; never a mix',
      setup: (lab) =>
        resumed(lab, {
          exit: [5],
          part: true,
          then: (origin) => {
            origin.entity = replaced(lab, origin)
            ignoringIfRange(origin)
          },
        }),
    },
    {
      name: 'changed-and-only-the-date-tells',
      why: 'section D: Remote changed on resume, Last-Modified',
      setup: (lab) =>
        resumed(lab, {
          exit: [5],
          entity: { etag: null },
          then: (origin) => {
            origin.entity = replaced(lab, origin, { etag: null })
            ignoringIfRange(origin)
          },
        }),
    },
    {
      name: 'changed-and-only-the-size-tells',
      why: 'section D: Remote changed on resume, size',
      setup: (lab) =>
        resumed(lab, {
          exit: [5],
          entity: { etag: null, lastModified: null },
          then: (origin) => {
            origin.entity = replaced(lab, origin, { etag: null, lastModified: null }, 300 * KiB)
          },
        }),
    },
    {
      name: 'grew-between-runs',
      why: 'section D: Remote changed on resume',
      needs: ['if-changed'],
      setup: (lab) =>
        resumed(lab, {
          exit: [5],
          part: true,
          then: (origin) => (origin.entity = replaced(lab, origin, {}, 500 * KiB)),
        }),
    },
    {
      name: 'shrank-between-runs',
      why: 'section D: Remote changed on resume',
      needs: ['if-changed'],
      setup: (lab) =>
        resumed(lab, {
          exit: [5],
          part: true,
          then: (origin) => (origin.entity = replaced(lab, origin, {}, 150 * KiB)),
        }),
    },
    {
      name: 'changed-while-running',
      why: 'reliability B: ETag change mid-way',
      async setup(lab) {
        const plan = await simple(
          lab,
          cutThen(cut, (_correct, request) => correctAnswer(request, replaced(lab, lab.main()))),
          { exit: rightOrChanged, bytes: [lab.content(256 * KiB), lab.content(256 * KiB, 99)] },
        )
        return plan
      },
    },
    {
      name: 'changes-with-every-request',
      why: 'lead: --if-changed restart must end',
      needs: ['if-changed'],
      setup: (lab) =>
        simple(
          lab,
          always((correct, request) => ({
            ...withHeaders(correctAnswer({ ...request, range: null }, lab.main().entity), {
              ETag: `"v${request.index}"`,
              'Last-Modified': new Date(1.7e12 + request.index * 1e7).toUTCString(),
            }),
            cut: { after: cut, how: 'fin' },
          })),
          { exit: [3, 4, 5], requests: 30, ask: { ifChanged: 'restart' } },
        ),
    },
    {
      name: 'weak-etag-never-in-if-range',
      why: 'RFC 9110 13.1.5',
      setup: (lab) =>
        simple(lab, cutThen(cut), { exit: [0], entity: { etag: 'W/"1"' }, also: neverIfRange(lab, /^W\//) }),
    },
    {
      name: 'weak-etag-changed',
      why: 'RFC 9110 8.8.1',
      setup: (lab) =>
        resumed(lab, {
          exit: [5],
          entity: { etag: 'W/"1"', lastModified: null },
          then: (origin) => {
            origin.entity = replaced(lab, origin, { etag: 'W/"2"', lastModified: null })
            ignoringIfRange(origin)
          },
        }),
    },
    {
      name: 'etag-differs-per-request',
      why: 'section D: ETag differs per node/request',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request) => {
              const entity = { ...lab.main().entity, etag: `"node-${request.index}"` }
              const answer = correctAnswer(request, entity)
              return request.index < 3 ? { ...answer, cut: { after: 60 * KiB, how: 'fin' } } : answer
            },
          },
          { exit: [0] },
        ),
    },
    {
      name: 'two-nodes-two-files',
      why: 'reliability B: two CDN nodes with different content',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request) => {
              const node = request.index % 2 === 1 ? lab.main().entity : replaced(lab, lab.main())
              return { ...correctAnswer(request, node), cut: { after: 90 * KiB, how: 'fin' } }
            },
          },
          { exit: rightOrChanged, bytes: [lab.content(256 * KiB), lab.content(256 * KiB, 99)], requests: 30 },
        ),
    },
    {
      name: 'no-validator',
      why: 'reliability B: no validator',
      setup: (lab) =>
        simple(lab, cutThen(cut), {
          exit: [0],
          entity: { etag: null, lastModified: null },
          also: neverIfRange(lab, /./),
        }),
    },
    {
      name: 'date-is-the-only-validator',
      why: 'RFC 9110 13.1.5',
      setup: (lab) => resumed(lab, { exit: [0], entity: { etag: null }, refetched: 16 * KiB }),
    },
    {
      name: 'date-too-young-for-if-range',
      why: 'RFC 9110 8.8.2.2; section D: date at least 1 s older than Date',
      async setup(lab) {
        const now = new Date().toUTCString()
        const fresh = (correct: Answer): Answer =>
          correct.status === 206 || correct.status === 200 ? withHeaders(correct, { Date: now }) : correct
        const plan = await simple(lab, cutThen(cut), {
          exit: [0],
          entity: { etag: null, lastModified: now },
          also: neverIfRange(lab, /./),
        })
        lab.main().scenario = {
          answer: (request, correct) =>
            request.index === 1 ? { ...fresh(correct), cut: { after: cut, how: 'fin' } } : fresh(correct),
        }
        return plan
      },
    },
    {
      name: 'validators-same-bytes-not',
      why: 'reliability B: lying ETag, caught by checksum',
      needs: ['sha256'],
      setup: (lab) =>
        resumed(lab, {
          exit: [5],
          ask: { sha256: lab.content(256 * KiB).sha256() },
          then: (origin) => (origin.entity = { ...origin.entity, content: lab.content(256 * KiB, 99) }),
        }),
    },
    {
      name: 'etag-missing-on-206',
      why: 'RFC 9110 15.3.7',
      setup: (lab) =>
        simple(
          lab,
          cutThen(
            cut,
            toRanges((correct) => withHeaders(correct, { ETag: null, 'Last-Modified': null })),
          ),
          { exit: rightOrChanged },
        ),
    },
    {
      name: 'etag-without-quotes',
      why: 'RFC 9110 8.8.3',
      setup: (lab) => simple(lab, cutThen(cut), { exit: [0], entity: { etag: 'abc-unquoted' } }),
    },
    {
      name: 'date-garbage',
      why: 'RFC 9110 5.6.7',
      setup: (lab) =>
        simple(lab, cutThen(cut), {
          exit: [0],
          entity: { etag: null, lastModified: 'yesterday, or so' },
          also: neverIfRange(lab, /yesterday/),
        }),
    },
    {
      name: 'etag-comes-late',
      why: 'section D: ETag differs per node/request',
      setup: (lab) =>
        simple(
          lab,
          first(1, (correct) => ({ ...withHeaders(correct, { ETag: null }), cut: { after: cut, how: 'fin' } })),
          { exit: rightOrChanged },
        ),
    },
  ],
}
