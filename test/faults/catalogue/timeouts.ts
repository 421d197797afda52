import { answerOf, entityOf } from '../answer.ts'
import type { FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import { always, cutThen, first, toRanges } from './lies.ts'
import type { Change } from './lies.ts'

/** Says nothing, for ever. */
const mute: Change = () => ({ ...answerOf(200, [], Buffer.alloc(0)), head: '', cut: { after: 0, how: 'stall' } })

function stallAfter(bytes: number): Change {
  return (correct) => ({ ...correct, cut: { after: bytes, how: 'stall' } })
}

export const timeouts: FaultGroup = {
  group: 'timeouts',
  faults: [
    {
      name: 'silent-before-the-head-once',
      why: 'reliability B: stall before headers',
      setup: (lab) => simple(lab, first(1, mute), { exit: [0], seconds: 30 }),
    },
    {
      name: 'silent-before-the-head-for-ever',
      why: 'reliability B: stall before headers',
      setup: (lab) => simple(lab, always(mute), { exit: [3], ask: { retries: 1 }, seconds: 45 }),
    },
    {
      name: 'stalls-in-the-body-once',
      why: 'reliability B: stall in the body; black hole',
      setup: (lab) => simple(lab, first(1, stallAfter(100 * KiB)), { exit: [0], seconds: 30 }),
    },
    {
      name: 'stalls-in-the-body-for-ever',
      why: 'reliability B: stall in the body',
      setup: (lab) =>
        simple(lab, cutThen(100 * KiB, stallAfter(0)), {
          exit: [3],
          part: true,
          ask: { retries: 1 },
          seconds: 45,
        }),
    },
    {
      name: 'one-of-many-connections-stalls',
      why: 'issue 2: other segments unaffected',
      setup: (lab) =>
        simple(
          lab,
          {
            rate: 4 * MiB,
            answer: (request, correct) => (request.connection === 2 ? stallAfter(64 * KiB)(correct, request) : correct),
          },
          { exit: [0], size: 12 * MiB, ask: { connections: 4 }, seconds: 45 },
        ),
    },
    {
      name: 'head-stalls-half-way',
      why: 'reliability B',
      setup: (lab) =>
        simple(
          lab,
          first(1, (correct) => ({
            ...correct,
            head: 'HTTP/1.1 200 OK\r\nContent-Le',
            cut: { after: 0, how: 'stall' },
          })),
          { exit: [0], seconds: 30 },
        ),
    },
    {
      name: 'trickles-longer-than-allowed',
      why: 'reliability B: 1 byte per second; contract: --timeout',
      needs: ['overall-timeout'],
      setup: (lab) => simple(lab, { rate: 10 }, { exit: [3], ask: { timeout: 2 }, seconds: 20 }),
    },
    {
      name: 'head-trickles-longer-than-allowed',
      why: 'reliability B',
      needs: ['overall-timeout'],
      setup: (lab) =>
        simple(
          lab,
          always((correct) => ({
            ...correct,
            head: `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(100)}\r\n`,
            cut: { after: 0, how: 'stall' },
          })),
          { exit: [3], ask: { timeout: 2, stallTimeout: 30 }, seconds: 20 },
        ),
    },
    {
      name: 'tls-handshake-never-answered',
      why: 'reliability B: black hole',
      async setup(lab) {
        const origin = await lab.origin(entityOf(lab.content(1000)), { connect: () => 'mute' })
        return {
          runs: [{ exit: [3, 7], ask: { url: `https://127.0.0.1:${origin.port}/file.bin`, retries: 1 } }],
          expect: { seconds: 45 },
        }
      },
    },
    {
      name: 'stalls-only-on-ranges',
      why: 'reliability B: stall in the body',
      setup: (lab) =>
        simple(
          lab,
          {
            rate: 4 * MiB,
            ...always(
              toRanges((correct, request) => (request.index < 4 ? stallAfter(10 * KiB)(correct, request) : correct)),
            ),
          },
          {
            exit: [0],
            size: 8 * MiB,
            seconds: 20,
          },
        ),
    },
  ],
}
