import { answerOf, redirectTo } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import type { SeenRequest } from '../request.ts'
import { chunked } from './lies.ts'

const used = (): Answer => answerOf(410, [], Buffer.from('This link has been used.'))

/** Good for one request, whatever it is. */
function once(request: SeenRequest, correct: Answer): Answer {
  return request.index === 1 ? correct : used()
}

export const oneTime: FaultGroup = {
  group: 'one-time',
  faults: [
    {
      name: 'link-works-once',
      why: 'section D: first request = plain GET whose body is used',
      setup: (lab) => simple(lab, { answer: once }, { exit: [0], requests: 1 }),
    },
    {
      name: 'link-works-once-big-file',
      why: 'section D: One-time links; no second probe',
      setup: (lab) =>
        simple(
          lab,
          { answer: once, rate: 16 * MiB },
          { exit: [0], size: 24 * MiB, refetched: 4096, requests: 12, ask: { connections: 8 } },
        ),
    },
    {
      name: 'link-works-once-no-ranges',
      why: 'section D: One-time links',
      setup: (lab) =>
        simple(
          lab,
          { answer: once, rate: 12 * MiB },
          { exit: [0], size: 12 * MiB, entity: { ranges: false }, requests: 1, ask: { connections: 8 } },
        ),
    },
    {
      name: 'link-works-once-without-length',
      why: 'section D: One-time links, No Content-Length',
      setup: (lab) =>
        simple(
          lab,
          { answer: (request, correct) => (request.index === 1 ? chunked(correct) : used()) },
          { exit: [0], requests: 1 },
        ),
    },
    {
      name: 'ticket-works-once',
      why: 'section D: Redirect to a signed URL; One-time links',
      setup: (lab) => {
        const seen = new Set<string>()
        let tickets = 0
        return simple(
          lab,
          {
            answer: (request, correct) => {
              if (request.path === '/file.bin') return redirectTo(`/ticket?${++tickets}`)
              if (seen.has(request.query)) return used()
              seen.add(request.query)
              return correct
            },
          },
          { exit: [0], requests: 2 },
        )
      },
    },
    {
      name: 'ticket-works-once-many-connections',
      why: 'section D: re-resolve',
      setup: (lab) => {
        const seen = new Set<string>()
        let tickets = 0
        return simple(
          lab,
          {
            rate: 6 * MiB,
            answer: (request, correct) => {
              if (request.path === '/file.bin') return redirectTo(`/ticket?${++tickets}`)
              if (seen.has(request.query)) return used()
              seen.add(request.query)
              return correct
            },
          },
          { exit: [0], size: 12 * MiB, refetched: MiB, requests: 60, ask: { connections: 4 } },
        )
      },
    },
    {
      name: 'first-request-is-a-plain-get',
      why: 'section D: no HEAD, no probe',
      setup: (lab) =>
        simple(
          lab,
          {},
          {
            exit: [0],
            also: () => {
              const [request] = lab.main().requests
              if (request === undefined) return 'no request'
              return request.method === 'GET' && request.range === null
                ? undefined
                : `${request.method} with Range ${request.headers.get('range')}`
            },
          },
        ),
    },
    {
      name: 'ranged-first-request-is-refused',
      why: 'section D: One-time links; signed for a plain GET',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) =>
              request.range !== null || request.method !== 'GET' ? answerOf(403, [], Buffer.alloc(0)) : correct,
          },
          { exit: [0], requests: 1 },
        ),
    },
    {
      name: 'dead-for-good-after-a-drop',
      why: 'section D: Link dead for good',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) =>
              request.index === 1 ? { ...correct, cut: { after: 100 * KiB, how: 'rst' } } : used(),
          },
          {
            exit: [4],
            part: true,
            requests: 4,
          },
        ),
    },
  ],
}
