import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { bodyBytes, withBody, withHeaders } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { Fault, FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import type { Lab, Simple } from '../lab.ts'
import { always, closeDelimited, first, resumed, toRanges } from './lies.ts'

const notRanged = { ranges: false, etag: null, lastModified: null }

function coded(correct: Answer, coding: string, encode: (bytes: Buffer) => Buffer): Answer {
  return withHeaders(withBody(correct, encode(bodyBytes(correct.body))), { 'Content-Encoding': coding })
}

const gzipped = (correct: Answer): Answer => coded(correct, 'gzip', (bytes) => gzipSync(bytes))

function whole(
  name: string,
  why: string,
  exit: ReadonlyArray<number>,
  change: (correct: Answer) => Answer,
  options: Partial<Simple> = {},
): Fault {
  return {
    name,
    why,
    needs: ['content-coding'],
    setup: (lab) => simple(lab, always(change), { exit, size: 100 * KiB, entity: notRanged, requests: 20, ...options }),
  }
}

/** The coded bytes are the file: what a server does that labels a .gz as coded. */
function rawKept(name: string, path: string, type: string): Fault {
  return {
    name,
    why: 'section D: Content-Encoding gzip, the type itself is gzip',
    setup: (lab: Lab) => {
      const stored = gzipSync(lab.content(100 * KiB).read(0, 100 * KiB))
      const change = (correct: Answer): Answer => withHeaders(withBody(correct, stored), { 'Content-Encoding': 'gzip' })
      return simple(lab, always(change), {
        exit: [0],
        path,
        entity: { ...notRanged, type },
        size: 100 * KiB,
        bytes: [stored],
      })
    },
  }
}

export const encodings: FaultGroup = {
  group: 'encodings',
  faults: [
    {
      name: 'identity-is-asked-for',
      why: 'section D: Accept-Encoding: identity',
      needs: ['content-coding'],
      setup: (lab) =>
        simple(
          lab,
          {},
          {
            exit: [0],
            also: () => {
              const asked = lab.main().requests.map((request) => request.headers.get('accept-encoding'))
              return asked.every((value) => value === 'identity') ? undefined : `Accept-Encoding: ${asked.join(' / ')}`
            },
          },
        ),
    },
    whole('gzip-though-not-asked', 'section D: store decoded', [0], gzipped),
    whole('x-gzip-though-not-asked', 'RFC 9110 8.4.1.3', [0], (correct) =>
      coded(correct, 'x-gzip', (bytes) => gzipSync(bytes)),
    ),
    whole('deflate-though-not-asked', 'RFC 9110 8.4.1.2', [0, 5], (correct) =>
      coded(correct, 'deflate', (bytes) => deflateSync(bytes)),
    ),
    whole('brotli-though-not-asked', 'RFC 7932', [0, 5], (correct) =>
      coded(correct, 'br', (bytes) => brotliCompressSync(bytes)),
    ),
    whole('gzip-twice', 'RFC 9110 8.4', [0, 5], (correct) =>
      coded(correct, 'gzip, gzip', (bytes) => gzipSync(gzipSync(bytes))),
    ),
    whole('gzip-without-length', 'section D', [0], (correct) => closeDelimited(gzipped(correct))),
    whole('identity-as-coding', 'RFC 9110 12.5.3: seen in the wild', [0], (correct) =>
      withHeaders(correct, { 'Content-Encoding': 'identity' }),
    ),
    whole('coding-unknown', 'RFC 9110 8.4', [3, 4, 5], (correct) =>
      withHeaders(correct, { 'Content-Encoding': 'rot13' }),
    ),
    whole('gzip-that-is-none', 'lead: broken gzip is never a file', [3, 5], (correct) =>
      withHeaders(correct, { 'Content-Encoding': 'gzip' }),
    ),
    whole('gzip-cut-but-framed-well', 'reliability A4: gzip stream cut, HTTP framing complete', [3, 5], (correct) =>
      coded(correct, 'gzip', (bytes) => gzipSync(bytes).subarray(0, 60 * KiB)),
    ),
    whole('gzip-with-wrong-checksum', 'RFC 1952 2.3.1', [3, 5], (correct) =>
      coded(correct, 'gzip', (bytes) => {
        const packed = gzipSync(bytes)
        packed.writeUInt32LE((packed.readUInt32LE(packed.length - 8) ^ 1) >>> 0, packed.length - 8)
        return packed
      }),
    ),
    whole('gzip-with-garbage-after', 'RFC 1952 2.2', [0, 3, 5], (correct) =>
      coded(correct, 'gzip', (bytes) => Buffer.concat([gzipSync(bytes), Buffer.from('garbage')])),
    ),
    whole('gzip-in-two-members', 'RFC 1952 2.2', [0], (correct) =>
      coded(correct, 'gzip', (bytes) =>
        Buffer.concat([gzipSync(bytes.subarray(0, 5000)), gzipSync(bytes.subarray(5000))]),
      ),
    ),
    {
      name: 'gzip-drop-in-the-middle',
      why: 'section D: no ranges of coded bodies',
      needs: ['content-coding'],
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) =>
              request.index === 1 ? { ...gzipped(correct), cut: { after: 50 * KiB, how: 'rst' } } : gzipped(correct),
          },
          {
            exit: [0],
            size: 100 * KiB,
            entity: notRanged,
          },
        ),
    },
    {
      name: 'gzip-only-the-first-time',
      why: 'section D: never ranged',
      needs: ['content-coding'],
      setup: (lab) =>
        simple(
          lab,
          first(1, (correct) => ({ ...gzipped(correct), cut: { after: 50 * KiB, how: 'fin' } })),
          { exit: [0, 5], size: 100 * KiB },
        ),
    },
    {
      name: 'gzip-on-a-range',
      why: 'reliability B: gzip on range',
      setup: (lab) =>
        resumed(lab, {
          exit: [0, 3, 4, 5],
          requests: 20,
          then: (origin) => (origin.scenario = always(toRanges(gzipped))),
        }),
    },
    {
      name: 'gzip-bomb-stays-small-in-memory',
      why: 'reliability B: bomb',
      needs: ['content-coding'],
      setup: (lab) => {
        const zeros = Buffer.alloc(64 * MiB)
        const packed = gzipSync(zeros)
        return simple(
          lab,
          always((correct) => withHeaders(withBody(correct, packed), { 'Content-Encoding': 'gzip' })),
          {
            exit: [0, 5],
            entity: notRanged,
            bytes: [zeros],
          },
        )
      },
    },
    rawKept('tar-gz-labelled-as-coded', '/source.tar.gz', 'application/x-tar'),
    rawKept('tgz-labelled-as-coded', '/source.tgz', 'application/octet-stream'),
    rawKept('gzip-type-labelled-as-coded', '/blob', 'application/gzip'),
    rawKept('x-gzip-type-labelled-as-coded', '/blob', 'application/x-gzip'),
  ],
}
