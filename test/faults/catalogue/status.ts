import { answerOf, withHeaders } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { Fault, FaultGroup, Outcome } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import type { Lab, Simple } from '../lab.ts'
import { always, cutThen, first, htmlPage, toRanges } from './lies.ts'

function failure(status: number, headers: Record<string, string> = {}): Answer {
  return withHeaders(answerOf(status, [['Content-Type', 'text/plain']], Buffer.from('no')), headers)
}

function once(status: number): Fault {
  return {
    name: `${status}-once`,
    why: 'section D: 408/425/500/502/504/52x are retried',
    setup: (lab) =>
      simple(
        lab,
        first(1, () => failure(status)),
        { exit: [0], size: 64 * KiB },
      ),
  }
}

function final(status: number): Fault {
  return {
    name: `${status}-is-final`,
    why: 'section D: 4xx final; contract: exit 4',
    setup: (lab) =>
      simple(
        lab,
        always(() => htmlPage(status)),
        { exit: [4], requests: 3, says: new RegExp(String(status)) },
      ),
  }
}

/** The second request came at least so many milliseconds after the first. */
function paused(lab: Lab, atLeast: number): (outcome: Outcome) => string | undefined {
  return () => {
    const [one, two] = lab.main().requests
    if (one === undefined || two === undefined) return 'no second request came'
    const gap = two.at - one.at
    return gap >= atLeast ? undefined : `asked again after ${gap.toFixed(0)} ms (${atLeast} were wanted)`
  }
}

function retryAfter(
  name: string,
  value: () => string,
  options: Partial<Simple> & { readonly atLeast?: number } = {},
): Fault {
  return {
    name: `retry-after-${name}`,
    why: 'section D: 429/503 obey Retry-After; reliability B',
    ...(options.atLeast === undefined ? {} : { needs: ['retry-after'] as const }),
    setup: (lab) => {
      const { atLeast, ...rest } = options
      const also = atLeast === undefined ? {} : { also: paused(lab, atLeast) }
      return simple(
        lab,
        first(1, () => failure(503, { 'Retry-After': value() })),
        { exit: [0], size: 64 * KiB, ...also, ...rest },
      )
    },
  }
}

export const status: FaultGroup = {
  group: 'status',
  faults: [
    ...[408, 425, 429, 500, 502, 503, 504, 520, 522].map(once),
    ...[400, 402, 404, 405, 410, 451].map(final),
    ...[401, 403].map(final),
    retryAfter('in-seconds', () => '2', { atLeast: 1990 }),
    retryAfter('as-date', () => new Date(Date.now() + 3000).toUTCString(), { atLeast: 1900 }),
    retryAfter('garbage', () => 'soon'),
    retryAfter('in-the-past', () => 'Tue, 04 Mar 2025 10:00:00 GMT'),
    retryAfter('zero', () => '0'),
    retryAfter('negative', () => '-5'),
    retryAfter('fraction', () => '0.5'),
    {
      name: 'retry-after-a-day',
      why: 'contract: beyond 1 hour it is an error with the time in the hint',
      needs: ['retry-after'],
      setup: (lab) =>
        simple(
          lab,
          always(() => failure(503, { 'Retry-After': '86400' })),
          { exit: [4], requests: 2, seconds: 20, says: /24 ?h|86400|1 ?d|\d\d:\d\d/ },
        ),
    },
    {
      name: 'retry-after-overflows',
      why: 'reliability B: huge',
      needs: ['retry-after'],
      setup: (lab) =>
        simple(
          lab,
          always(() => failure(429, { 'Retry-After': '99999999999999999999999' })),
          { exit: [4], requests: 4, seconds: 45 },
        ),
    },
    {
      name: 'retry-after-far-date',
      why: 'reliability B: huge',
      needs: ['retry-after'],
      setup: (lab) =>
        simple(
          lab,
          always(() => failure(503, { 'Retry-After': 'Fri, 31 Dec 2199 23:59:59 GMT' })),
          { exit: [4], requests: 2, seconds: 20 },
        ),
    },
    {
      name: '503-for-ever',
      why: 'section D: 429/503',
      setup: (lab) =>
        simple(
          lab,
          always(() => failure(503)),
          { exit: [4], requests: 4 },
        ),
    },
    {
      name: '500-for-ever',
      why: 'reliability B: 5xx storms',
      setup: (lab) =>
        simple(
          lab,
          always(() => failure(500)),
          { exit: [4], requests: 4 },
        ),
    },
    {
      name: '404-with-a-big-page',
      why: 'reliability A3: error pages inside the file',
      setup: (lab) =>
        simple(
          lab,
          always((correct) => ({ ...correct, status: 404 })),
          { exit: [4], size: 40 * MiB, requests: 3 },
        ),
    },
    {
      name: '404-while-running',
      why: 'section D: Link dead for good',
      setup: (lab) =>
        simple(
          lab,
          cutThen(100 * KiB, () => failure(404)),
          { exit: [4], part: true, requests: 6 },
        ),
    },
    {
      name: '503-page-instead-of-a-range',
      why: 'reliability A3: error pages inside the file',
      setup: (lab) =>
        simple(
          lab,
          cutThen(
            100 * KiB,
            toRanges((correct, request) => (request.index === 2 ? htmlPage(503) : correct)),
          ),
          { exit: [0], refetched: 16 * KiB },
        ),
    },
    {
      name: '503-storm-for-all-but-one',
      why: 'reliability B: 5xx storms from all segments',
      setup: (lab) =>
        simple(
          lab,
          {
            rate: 6 * MiB,
            answer: (request, correct) => (request.others === 0 || request.range === null ? correct : failure(503)),
          },
          { exit: [0], size: 12 * MiB, requests: 40, ask: { connections: 8 } },
        ),
    },
    {
      name: '429-while-running',
      why: 'section D: 429/503, drop parallelism',
      setup: (lab) =>
        simple(
          lab,
          {
            rate: 6 * MiB,
            answer: (request, correct) => (request.index === 3 ? failure(429, { 'Retry-After': '1' }) : correct),
          },
          { exit: [0], size: 12 * MiB, ask: { connections: 8 } },
        ),
    },
    {
      name: 'status-999',
      why: 'seen in the wild',
      setup: (lab) =>
        simple(
          lab,
          always(() => failure(999)),
          { exit: [3, 4], requests: 6 },
        ),
    },
    {
      name: 'reason-phrase-with-escape-codes',
      why: 'reliability C: terminal escape',
      setup: (lab) =>
        simple(
          lab,
          always((correct) => ({
            ...correct,
            head: 'HTTP/1.1 404 \u001b[31mboo\u001b]0;title\u0007\r\nContent-Length: 0\r\n\r\n',
            cut: { after: 0, how: 'fin' },
          })),
          {
            exit: [3, 4],
          },
        ),
    },
  ],
}
