import { answerOf, entityOf } from '../answer.ts'
import type { Entity } from '../answer.ts'
import type { Fault, FaultGroup, Plan } from '../fault.ts'
import { KiB, MiB } from '../lab.ts'
import type { Lab } from '../lab.ts'
import type { Scenario } from '../server.ts'
import { always, htmlPage } from './lies.ts'

interface Pair {
  readonly exit: ReadonlyArray<number>
  readonly size?: number
  readonly main?: Scenario
  readonly mirror?: Scenario
  /** What the mirror has instead. */
  readonly other?: (lab: Lab, entity: Entity) => Entity
  readonly checksum?: boolean
}

async function pair(lab: Lab, options: Pair): Promise<Plan> {
  const { exit, size = 12 * MiB, main, mirror, other, checksum = false } = options
  const entity = entityOf(lab.content(size))
  const one = await lab.origin(entity, main)
  const two = await lab.origin(other?.(lab, entity) ?? entity, mirror)
  const ask = {
    url: `${one.base}/file.bin`,
    mirrors: [`${two.base}/file.bin`],
    connections: 4,
    ...(checksum ? { sha256: entity.content.sha256() } : {}),
  }
  return { runs: [{ exit, ask }], expect: { bytes: [entity.content] } }
}

function fault(name: string, why: string, options: Pair): Fault {
  return {
    name,
    why,
    needs: options.checksum === true ? ['mirrors', 'sha256'] : ['mirrors'],
    setup: (lab) => pair(lab, options),
  }
}

const slow: Scenario = { rate: 4 * MiB }
const gone: Scenario = always(() => answerOf(404, [], Buffer.alloc(0)))

export const mirrors: FaultGroup = {
  group: 'mirrors',
  faults: [
    fault('both-agree', 'issue 2: mirrors', { exit: [0], main: slow, mirror: slow }),
    fault('mirror-has-another-size', 'issue 2: must agree in size', {
      exit: [0, 5],
      main: slow,
      mirror: slow,
      other: (lab) => entityOf(lab.content(11 * MiB, 99)),
    }),
    fault('mirror-has-other-bytes', 'issue 2: must agree in validator or digest', {
      exit: [0, 5],
      main: slow,
      mirror: slow,
      other: (lab) => entityOf(lab.content(12 * MiB, 99), { lastModified: 'Wed, 05 Mar 2025 10:00:00 GMT' }),
    }),
    fault('mirror-has-another-etag-same-date', 'section D: ETag differs per node', {
      exit: [0],
      main: slow,
      mirror: slow,
      other: (_lab, entity) => ({ ...entity, etag: '"another-node"' }),
    }),
    fault('mirror-has-other-bytes-no-validator', 'issue 2: must agree in validator or digest', {
      exit: [0, 5],
      main: slow,
      mirror: slow,
      other: (lab) => entityOf(lab.content(12 * MiB, 99), { etag: null, lastModified: null }),
    }),
    fault('mirror-lies-about-everything', 'issue 2: digest', {
      exit: [0, 5],
      main: slow,
      mirror: slow,
      checksum: true,
      other: (lab, entity) => ({ ...entity, content: lab.content(12 * MiB, 99) }),
    }),
    fault('main-is-gone', 'issue 2: mirrors', { exit: [0], size: 64 * KiB, main: gone }),
    fault('main-resets', 'issue 2: mirrors', { exit: [0], size: 64 * KiB, main: { connect: () => 'reset' } }),
    fault('mirror-is-gone', 'issue 2: mirrors', { exit: [0], main: slow, mirror: gone }),
    fault('mirror-resets', 'issue 2: mirrors', { exit: [0], main: slow, mirror: { connect: () => 'reset' } }),
    fault('mirror-is-silent', 'issue 2: mirrors', { exit: [0], main: slow, mirror: { connect: () => 'mute' } }),
    fault('mirror-is-a-login-page', 'section D: login page', {
      exit: [0],
      main: slow,
      mirror: always(() => htmlPage()),
    }),
    fault('mirror-ignores-ranges', 'section D: Server ignores Range', {
      exit: [0],
      main: slow,
      mirror: slow,
      other: (_lab, entity) => ({ ...entity, ranges: false }),
    }),
    fault('main-dies-half-way-same-etag', 'issue 2: mirrors', {
      exit: [0],
      main: {
        answer: (request, correct) =>
          request.index === 1
            ? { ...correct, cut: { after: 6 * MiB, how: 'rst' } }
            : answerOf(410, [], Buffer.alloc(0)),
      },
    }),
    fault('main-dies-half-way-checksum-known', 'issue 2: mirrors agree by digest', {
      exit: [0],
      checksum: true,
      other: (_lab, entity) => ({ ...entity, etag: '"mirror"', lastModified: null }),
      main: {
        answer: (request, correct) =>
          request.index === 1
            ? { ...correct, cut: { after: 6 * MiB, how: 'rst' } }
            : answerOf(410, [], Buffer.alloc(0)),
      },
    }),
    fault('all-are-gone', 'issue 2: mirrors', { exit: [4], size: 64 * KiB, main: gone, mirror: gone }),
  ],
}
