import { createHash } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bodyBytes, withBody, withHeaders } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { Fault, FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import type { Lab } from '../lab.ts'
import { always, htmlPage, resumed } from './lies.ts'

const size = 64 * KiB

/** One bit is wrong in the middle. */
function damaged(correct: Answer): Answer {
  const bytes = Buffer.from(bodyBytes(correct.body))
  const middle = bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle)
  return withBody(correct, bytes)
}

function digest(lab: Lab, algorithm: string): string {
  return createHash(algorithm).update(lab.content(size).read(0, size)).digest('base64')
}

/** A header field tells a digest; `lie` may damage the body. */
function told(
  name: string,
  why: string,
  exit: number,
  field: (lab: Lab) => Record<string, string>,
  lie?: (correct: Answer) => Answer,
): Fault {
  return {
    name,
    why,
    needs: ['digest-fields'],
    setup: (lab) =>
      simple(
        lab,
        always((correct) => withHeaders(lie === undefined ? correct : lie(correct), field(lab))),
        { exit: [exit], size, requests: 3 },
      ),
  }
}

const wrong = createHash('sha256').update('something else').digest('base64')

/** The first run leaves a part; then it is spoiled on disk; the digest is known, so the end must be right or refused. */
function spoiled(
  name: string,
  exit: ReadonlyArray<number>,
  spoil: (lab: Lab, part: string) => void,
  orphan = false,
): Fault {
  return {
    name,
    why: 'reliability B: corrupt, truncated or longer partial on disk',
    needs: ['sha256'],
    async setup(lab) {
      const plan = await resumed(lab, {
        exit,
        size: 12 * MiB,
        keep: 10 * MiB,
        ask: { sha256: lab.content(12 * MiB).sha256() },
        orphan,
      })
      const [before, after] = plan.runs
      if (before === undefined || after === undefined) throw new Error('two runs were planned')
      const spoilThen = async (): Promise<void> => {
        const [part] = lab.tool.sort(lab.sandbox.fresh()).parts
        if (part === undefined) throw new Error('the first run left no part')
        spoil(lab, join(lab.sandbox.dir, part))
        await after.before?.()
      }
      return { ...plan, runs: [before, { ...after, before: spoilThen }] }
    },
  }
}

/** Every file that the tool keeps beside the part. */
function sideFiles(lab: Lab): string[] {
  return lab.tool.sort(lab.sandbox.fresh()).side.map((name) => join(lab.sandbox.dir, name))
}

function webPage(name: string, path: string, exit: number, allowHtml = false): Fault {
  return {
    name,
    why: 'section D: Captive portal / login page',
    needs: ['web-page-check'],
    setup: (lab) =>
      simple(
        lab,
        always(() => htmlPage()),
        { exit: [exit], path, bytes: [bodyBytes(htmlPage().body)], ask: { allowHtml } },
      ),
  }
}

export const integrity: FaultGroup = {
  group: 'integrity',
  faults: [
    {
      name: 'bit-flipped-checksum-given',
      why: 'reliability B: corrupt byte in transit',
      needs: ['sha256'],
      setup: (lab) =>
        simple(lab, always(damaged), {
          exit: [5],
          size,
          ask: { sha256: lab.content(size).sha256() },
          says: /sha-?256/i,
        }),
    },
    {
      name: 'bit-flipped-big-file',
      why: 'reliability B: corrupt byte in transit',
      needs: ['sha256'],
      setup: (lab) =>
        simple(lab, always(damaged), { exit: [5], size: 20 * MiB, ask: { sha256: lab.content(20 * MiB).sha256() } }),
    },
    {
      name: 'checksum-right',
      why: 'contract: verified',
      needs: ['sha256', 'verdict'],
      setup: (lab) =>
        simple(
          lab,
          {},
          { exit: [0], size, verdict: 'verified', ask: { sha256: lab.content(size).sha256(), json: true } },
        ),
    },
    {
      name: 'no-checksum-known-length',
      why: 'contract: length-only',
      needs: ['verdict'],
      setup: (lab) => simple(lab, {}, { exit: [0], size, verdict: 'length-only', ask: { json: true } }),
    },
    {
      name: 'repr-digest-right',
      why: 'RFC 9530 3',
      needs: ['digest-fields', 'verdict'],
      setup: (lab) =>
        simple(
          lab,
          always((correct) => withHeaders(correct, { 'Repr-Digest': `sha-512=:${digest(lab, 'sha512')}:` })),
          {
            exit: [0],
            size,
            verdict: 'verified',
            ask: { json: true },
          },
        ),
    },
    told('repr-digest-wrong', 'RFC 9530 3', 5, () => ({ 'Repr-Digest': `sha-256=:${wrong}:` })),
    told(
      'repr-digest-catches-a-flipped-bit',
      'RFC 9530 3',
      5,
      (lab) => ({ 'Repr-Digest': `sha-256=:${digest(lab, 'sha256')}:` }),
      damaged,
    ),
    told('content-digest-wrong', 'RFC 9530 2', 5, () => ({ 'Content-Digest': `sha-256=:${wrong}:` })),
    told('digest-of-rfc-3230-wrong', 'RFC 3230 4.3.2', 5, () => ({ Digest: `SHA-256=${wrong}` })),
    told('digest-of-rfc-3230-right', 'RFC 3230 4.3.2', 0, (lab) => ({ Digest: `sha-256=${digest(lab, 'sha256')}` })),
    told('repr-digest-unknown-algorithm', 'RFC 9530 5', 0, () => ({ 'Repr-Digest': 'sha-1024=:AAAA:' })),
    told('repr-digest-garbage', 'RFC 9530: ignore what cannot be read', 0, () => ({
      'Repr-Digest': 'sha-256=not base64 at all',
    })),
    told('content-md5-wrong', 'lead: Content-MD5 is ignored', 0, () => ({ 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' })),
    spoiled('part-bit-flipped-on-disk', [5], (_lab, part) => {
      const bytes = readFileSync(part)
      bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000)
      writeFileSync(part, bytes)
    }),
    spoiled('part-cut-on-disk', [0, 5], (_lab, part) => truncateSync(part, 3 * MiB)),
    spoiled('part-empty-on-disk', [0, 5], (_lab, part) => truncateSync(part, 0)),
    spoiled('part-longer-on-disk', [0, 5], (_lab, part) =>
      writeFileSync(part, Buffer.alloc(5 * MiB, 'x'), { flag: 'a' }),
    ),
    spoiled(
      'session-is-garbage',
      [0, 1, 5],
      (lab) => sideFiles(lab).forEach((file) => writeFileSync(file, '{"version":')),
      true,
    ),
    spoiled('session-is-empty', [0, 1, 5], (lab) => sideFiles(lab).forEach((file) => truncateSync(file, 0)), true),
    spoiled(
      'session-is-zeros',
      [0, 1, 5],
      (lab) => sideFiles(lab).forEach((file) => writeFileSync(file, Buffer.alloc(4096))),
      true,
    ),
    spoiled(
      'session-of-the-future',
      [0, 1, 5],
      (lab) =>
        sideFiles(lab).forEach((file) =>
          writeFileSync(file, JSON.stringify({ version: 9999, hello: ['from', 'tomorrow'] })),
        ),
      true,
    ),
    webPage('page-instead-of-zip', '/archive.zip', 5),
    webPage('page-instead-of-model', '/model.gguf', 5),
    webPage('page-where-a-page-is-asked', '/index.html', 0),
    webPage('page-taken-by-wish', '/archive.zip', 0, true),
    {
      name: 'page-on-resume',
      why: 'section D: size/type mismatch with earlier probe',
      needs: ['web-page-check'],
      setup: (lab) => resumed(lab, { exit: [5], then: (origin) => (origin.scenario = always(() => htmlPage())) }),
    },
    {
      name: 'page-with-206-on-resume',
      why: 'section D: never write',
      setup: (lab) =>
        resumed(lab, {
          exit: [0, 3, 4, 5],
          requests: 20,
          then: (origin) => {
            origin.scenario = always((correct) => (correct.status === 206 ? { ...htmlPage(), status: 206 } : correct))
          },
        }),
    },
    {
      name: 'empty-answer-on-resume',
      why: 'section D: size mismatch with earlier probe',
      setup: (lab) =>
        resumed(lab, {
          exit: [3, 4, 5],
          requests: 20,
          then: (origin) =>
            (origin.scenario = always((correct) => withBody({ ...correct, status: 200 }, Buffer.alloc(0)))),
        }),
    },
    {
      name: 'same-line-again',
      why: 'section D: same size and validator, already have it; contract: says it is already there',
      needs: ['if-exists'],
      setup: async (lab) => {
        const plan = await simple(lab, {}, { exit: [0], size, refetched: size })
        return { ...plan, runs: [...plan.runs, ...plan.runs] }
      },
    },
    {
      name: 'same-line-again-after-change',
      why: 'section D: Target name exists; never clobber',
      needs: ['if-exists'],
      setup: async (lab) => {
        const plan = await simple(lab, {}, { exit: [0], size })
        const [run] = plan.runs
        if (run === undefined) throw new Error('a run was planned')
        const change = (): void => {
          lab.sandbox.plant('file.bin', 'edited by its owner')
        }
        return { expect: { name: 'file (1).bin' }, runs: [run, { ...run, before: change }] }
      },
    },
  ],
}
