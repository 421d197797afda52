import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { answerOf, entityOf } from '../answer.ts'
import { makeCertificate } from '../certificate.ts'
import type { Fault, FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import type { Lab } from '../lab.ts'
import type { Scenario } from '../server.ts'
import { always, first, hangUp } from './lies.ts'

/** A port of 127.0.0.1 on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Ends every body after so many bytes, so that the file needs `size / every` requests. */
function drops(name: string, every: number, size: number, how: 'fin' | 'rst'): Fault {
  return {
    name,
    why: 'section D: free retries while bytes move; reliability D: at most 2 % fetched again',
    setup: (lab) =>
      simple(
        lab,
        always((correct) => ({ ...correct, cut: { after: every, how } })),
        {
          exit: [0],
          size,
          ask: { connections: 1, retries: 1 },
          // A reset also takes what the kernels still hold, so only a proper end can be counted.
          ...(how === 'fin' ? { refetched: Math.ceil(size / 50) } : {}),
        },
      ),
  }
}

/** Several connections wanted, because each is slow; the server does not want them. */
function limited(name: string, scenario: Scenario): Fault {
  return {
    name,
    why: 'reliability B: per-host connection limit',
    setup: (lab) =>
      simple(lab, { rate: 5 * MiB, ...scenario }, { exit: [0], size: 10 * MiB, ask: { connections: 8 }, seconds: 60 }),
  }
}

function badTls(name: string, subject: string, expired: boolean, trusted: boolean): Fault {
  return {
    name,
    why: 'reliability B: TLS expired, wrong host, self-signed',
    async setup(lab: Lab) {
      const tls = await makeCertificate(subject, expired)
      const cacert = join(lab.sandbox.home, 'authority.pem')
      writeFileSync(cacert, tls.cert)
      const origin = await lab.origin(entityOf(lab.content(1000)), {}, { tls })
      const ask = { url: `${origin.base}/file.bin`, ...(trusted ? { cacert } : {}) }
      return { runs: [{ exit: [7], ask }], expect: { requests: 0, seconds: 30 } }
    },
  }
}

export const connections: FaultGroup = {
  group: 'connections',
  faults: [
    {
      name: 'refused-for-ever',
      why: 'reliability B: connection refused',
      async setup() {
        const port = await closedPort()
        return { runs: [{ exit: [3], ask: { url: `http://127.0.0.1:${port}/file.bin` } }], expect: { seconds: 45 } }
      },
    },
    {
      name: 'reset-on-accept-twice',
      why: 'reliability B: refused, then up',
      setup: (lab) => simple(lab, { connect: (connection) => (connection <= 2 ? 'reset' : 'serve') }, { exit: [0] }),
    },
    {
      name: 'reset-on-accept-for-ever',
      why: 'reliability B',
      setup: (lab) => simple(lab, { connect: () => 'reset' }, { exit: [3] }),
    },
    {
      name: 'reset-after-request-once',
      why: 'reliability B',
      setup: (lab) =>
        simple(
          lab,
          first(1, () => hangUp('rst')),
          { exit: [0] },
        ),
    },
    {
      name: 'reset-after-request-for-ever',
      why: 'reliability B',
      setup: (lab) =>
        simple(
          lab,
          always(() => hangUp('rst')),
          { exit: [3], requests: 8 },
        ),
    },
    {
      name: 'end-in-the-body-once',
      why: 'section D: Short body',
      setup: (lab) =>
        simple(
          lab,
          first(1, (correct) => ({ ...correct, cut: { after: 3 * MiB, how: 'fin' } })),
          { exit: [0], size: 5 * MiB, refetched: 16 * KiB },
        ),
    },
    {
      name: 'reset-in-the-body-once',
      why: 'reliability B: RST in the body',
      setup: (lab) =>
        simple(
          lab,
          first(1, (correct) => ({ ...correct, cut: { after: 3 * MiB, how: 'rst' } })),
          { exit: [0], size: 5 * MiB, refetched: 3 * MiB },
        ),
    },
    {
      name: 'end-in-the-body-no-ranges',
      why: 'section D: Short body',
      setup: (lab) =>
        simple(
          lab,
          first(1, (correct) => ({ ...correct, cut: { after: 100 * KiB, how: 'fin' } })),
          { exit: [0], entity: { ranges: false, etag: null } },
        ),
    },
    {
      name: 'end-in-the-body-for-ever',
      why: 'section D: Short body; never done',
      setup: (lab) =>
        simple(
          lab,
          always((correct, request) => ({
            ...correct,
            cut: { after: request.index === 1 ? 100 * KiB : 0, how: 'fin' },
          })),
          {
            exit: [3],
            part: true,
            requests: 8,
          },
        ),
    },
    drops('ends-every-mib', MiB, 16 * MiB, 'fin'),
    drops('ends-every-10-kib', 10 * KiB, 200 * KiB, 'fin'),
    drops('resets-every-mib', MiB, 8 * MiB, 'rst'),
    {
      name: 'keep-alive-never-kept',
      why: 'RFC 9112 9.3',
      setup: (lab) =>
        simple(
          lab,
          always((correct) => ({ ...correct, close: true })),
          { exit: [0], size: 4 * MiB, ask: { connections: 4 } },
        ),
    },
    {
      name: 'second-request-on-a-connection-dies',
      why: 'RFC 9112 9.3.1: reused connection that was already closed',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) =>
              request.nth > 1
                ? hangUp('fin')
                : correct.status === 206
                  ? correct
                  : { ...correct, cut: { after: 100 * KiB, how: 'fin' } },
          },
          { exit: [0] },
        ),
    },
    limited('limit-2-then-503', {
      connect: () => 'serve',
      answer: (request, correct) =>
        request.others >= 2 && request.range !== null ? answerOf(503, [], Buffer.alloc(0)) : correct,
    }),
    limited('limit-1-then-429', {
      answer: (request, correct) =>
        request.others >= 1 && request.range !== null ? answerOf(429, [], Buffer.alloc(0)) : correct,
    }),
    limited('limit-2-then-reset', { connect: (_connection, open) => (open > 2 ? 'reset' : 'serve') }),
    limited('limit-1-then-reset', { connect: (_connection, open) => (open > 1 ? 'reset' : 'serve') }),
    limited('limit-2-then-silence', { connect: (_connection, open) => (open > 2 ? 'mute' : 'serve') }),
    limited('limit-2-then-403', {
      answer: (request, correct) =>
        request.others >= 2 && request.range !== null ? answerOf(403, [], Buffer.alloc(0)) : correct,
    }),
    {
      name: 'one-slow-connection-of-many',
      why: 'issue 2: stealing by remaining time, hedged tail',
      setup: (lab) =>
        simple(
          lab,
          { answer: (request, correct) => ({ ...correct, rate: request.connection === 2 ? 20 * KiB : 4 * MiB }) },
          { exit: [0], size: 12 * MiB, ask: { connections: 4, stallTimeout: 5 }, seconds: 30 },
        ),
    },
    {
      name: 'first-connection-slow-others-fast',
      why: 'issue 2: stealing by remaining time',
      needs: ['connections'],
      setup: (lab) =>
        simple(
          lab,
          { answer: (request, correct) => ({ ...correct, rate: request.connection === 1 ? 100 * KiB : 8 * MiB }) },
          { exit: [0], size: 8 * MiB, ask: { connections: 4, stallTimeout: 5 }, seconds: 45 },
        ),
    },
    {
      name: 'tiny-segments',
      why: 'reliability B: tiny or coalesced TCP segments',
      setup: (lab) =>
        simple(
          lab,
          always((correct) => ({ ...correct, slice: 113 })),
          { exit: [0], size: 128 * KiB },
        ),
    },
    badTls('tls-self-signed', 'IP:127.0.0.1', false, false),
    badTls('tls-wrong-host', 'DNS:other.example', false, true),
    badTls('tls-expired', 'IP:127.0.0.1', true, true),
    {
      name: 'tls-to-a-plain-port',
      why: 'reliability B: error, no fallback',
      async setup(lab) {
        const origin = await lab.origin(entityOf(lab.content(1000)), {
          greeting: 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
        })
        return {
          runs: [{ exit: [3, 7], ask: { url: `https://127.0.0.1:${origin.port}/file.bin` } }],
          expect: { seconds: 45, requests: 0 },
        }
      },
    },
    {
      name: 'plain-to-a-tls-port',
      why: 'reliability B',
      async setup(lab) {
        const { origin } = await lab.secureOrigin(entityOf(lab.content(1000)))
        return {
          runs: [{ exit: [3], ask: { url: `http://127.0.0.1:${origin.port}/file.bin` } }],
          expect: { seconds: 45 },
        }
      },
    },
    {
      name: 'tls-reset-in-the-body-once',
      why: 'reliability B',
      async setup(lab) {
        const { origin, cacert } = await lab.secureOrigin(
          entityOf(lab.content(2 * MiB)),
          first(1, (correct) => ({ ...correct, cut: { after: MiB, how: 'rst' } })),
        )
        return { runs: [{ exit: [0], ask: { url: `${origin.base}/file.bin`, cacert } }], expect: { refetched: MiB } }
      },
    },
  ],
}
