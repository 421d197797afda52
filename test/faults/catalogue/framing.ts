import { bodyBytes, withBody, withHeaders } from '../answer.ts'
import type { Fault, FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import { always, asChunked, chunked, closeDelimited, first, hangUp, rawHead } from './lies.ts'
import type { Change } from './lies.ts'

/** Refused, or read in the one way that gives the right bytes: RFC 9110 and 9112 leave the choice. */
const eitherWay = [0, 3]

function lie(name: string, why: string, exit: ReadonlyArray<number>, change: Change): Fault {
  return { name, why, setup: (lab) => simple(lab, always(change), { exit, requests: 20 }) }
}

function lengthLines(...values: string[]): Change {
  return (correct) => {
    const others = correct.headers.filter(([name]) => name !== 'Content-Length')
    return {
      ...correct,
      headers: [...others, ...values.map((value) => ['Content-Length', value] as const)],
      close: true,
    }
  }
}

const ok = 'HTTP/1.1 200 OK'
const length = `Content-Length: ${256 * KiB}`

export const framing: FaultGroup = {
  group: 'framing',
  faults: [
    {
      name: 'chunked-without-length',
      why: 'section D: No Content-Length',
      needs: ['verdict'],
      setup: (lab) =>
        simple(
          lab,
          always((correct) => chunked(correct)),
          { exit: [0], verdict: 'unverified', ask: { json: true } },
        ),
    },
    lie('chunked-extensions-and-trailers', 'RFC 9112 7.1.1, 7.1.2', [0], (correct) =>
      chunked(correct, { extension: ';name="a;b"', trailers: 'X-Trailer: yes\r\nX-Other: too\r\n' }),
    ),
    lie('chunked-in-tiny-chunks', 'RFC 9112 7.1', [0], (correct) => chunked(correct, { size: 7 })),
    lie('chunked-upper-case-and-zeros', 'RFC 9112 7.1', [0], (correct) => {
      const bytes = bodyBytes(correct.body)
      return asChunked(
        correct,
        Buffer.concat([
          Buffer.from(`000${bytes.length.toString(16).toUpperCase()}\r\n`),
          bytes,
          Buffer.from('\r\n000\r\n\r\n'),
        ]),
      )
    }),
    lie('chunked-last-chunk-missing', 'RFC 9112 8; reliability B', eitherWay, (correct) => ({
      ...chunked(correct, { last: false }),
      close: true,
    })),
    lie('chunked-reset-before-the-end', 'reliability B', eitherWay, (correct) => ({
      ...chunked(correct),
      cut: { after: 200 * KiB, how: 'rst' },
    })),
    lie('chunked-size-in-letters', 'reliability B: bad chunk size', [3], (correct) =>
      asChunked(correct, Buffer.from('zz\r\nhello\r\n0\r\n\r\n')),
    ),
    lie('chunked-size-overflows', 'reliability B: bad chunk size', [3], (correct) =>
      asChunked(correct, Buffer.from('fffffffffffffffffff\r\nhello\r\n0\r\n\r\n')),
    ),
    lie('chunked-size-negative', 'reliability B: bad chunk size', [3], (correct) =>
      asChunked(correct, Buffer.from('-5\r\nhello\r\n0\r\n\r\n')),
    ),
    lie('chunked-data-longer-than-said', 'RFC 9112 7.1', [3], (correct) =>
      asChunked(correct, Buffer.from('5\r\nhello world\r\n0\r\n\r\n')),
    ),
    lie('chunked-endless-extension', 'RFC 9112 7.1.1', [3], (correct) =>
      asChunked(correct, Buffer.concat([Buffer.from('5;'), Buffer.alloc(4 * MiB, 'x')])),
    ),
    lie('chunked-and-length', 'RFC 9112 6.3', eitherWay, (correct) => {
      const lied = chunked(correct)
      return { ...lied, headers: [['Content-Length', '100'], ...lied.headers], close: true }
    }),
    lie('coding-unknown', 'RFC 9112 6.1', [3, 5], (correct) =>
      withHeaders(correct, { 'Transfer-Encoding': 'rot13, chunked', 'Content-Length': null }),
    ),
    lie('http-1.0-with-length', 'RFC 9112 2.3', [0], (correct) => ({ ...correct, version: '1.0', close: true })),
    {
      name: 'no-length-clean-end',
      why: 'section D: No Content-Length; contract: unverified',
      needs: ['verdict'],
      setup: (lab) =>
        simple(
          lab,
          always((correct) => ({ ...closeDelimited(correct), version: '1.0' })),
          { exit: [0], verdict: 'unverified', ask: { json: true } },
        ),
    },
    lie('no-length-reset', 'reliability B, A4', eitherWay, (correct) => closeDelimited(correct, 'rst', 100 * KiB)),
    {
      name: 'no-length-reset-no-ranges',
      why: 'reliability B, A4; contract: exit 3 on a reset',
      setup: (lab) =>
        simple(
          lab,
          always((correct) => closeDelimited(correct, 'rst', 100 * KiB)),
          { exit: [3], entity: { ranges: false }, requests: 20 },
        ),
    },
    {
      name: 'chunked-cut-no-ranges',
      why: 'RFC 9112 8',
      setup: (lab) =>
        simple(
          lab,
          always((correct) => ({ ...chunked(correct, { last: false }), close: true })),
          { exit: [3], entity: { ranges: false }, requests: 20 },
        ),
    },
    {
      name: 'no-length-tls-ends-without-notice',
      why: 'reliability B: TLS ended without close_notify',
      async setup(lab) {
        const content = lab.content(256 * KiB)
        const { origin, cacert } = await lab.secureOrigin(
          { content, etag: null, lastModified: null, type: null, ranges: false },
          always((correct) => closeDelimited(correct, 'bare', 100 * KiB)),
        )
        return { runs: [{ exit: [3], ask: { url: `${origin.base}/file.bin`, cacert } }], expect: {} }
      },
    },
    {
      name: 'no-length-tls-clean-end',
      why: 'section D: No Content-Length',
      async setup(lab) {
        const content = lab.content(256 * KiB)
        const { origin, cacert } = await lab.secureOrigin(
          { content, etag: null, lastModified: null, type: null, ranges: false },
          always((correct) => closeDelimited(correct)),
        )
        return { runs: [{ exit: [0], ask: { url: `${origin.base}/file.bin`, cacert } }], expect: {} }
      },
    },
    lie('length-twice-the-same', 'RFC 9110 8.6', eitherWay, lengthLines(String(256 * KiB), String(256 * KiB))),
    lie('length-twice-different', 'RFC 9110 8.6', [3], lengthLines(String(256 * KiB), '1000')),
    lie('length-as-a-list', 'RFC 9110 8.6', eitherWay, lengthLines(`${256 * KiB}, ${256 * KiB}`)),
    lie('length-as-a-list-of-two', 'RFC 9110 8.6', [3], lengthLines(`1000, ${256 * KiB}`)),
    lie('length-negative', 'RFC 9110 8.6', [3], lengthLines('-1')),
    lie('length-with-sign', 'RFC 9110 8.6', [3], lengthLines(`+${256 * KiB}`)),
    lie('length-in-letters', 'RFC 9110 8.6', [3], lengthLines('many')),
    lie('length-hexadecimal', 'RFC 9110 8.6', [3], lengthLines('0x40000')),
    lie('length-empty', 'RFC 9110 8.6', [3], lengthLines('')),
    lie('length-overflows', 'RFC 9110 8.6; reliability B', [3], lengthLines('18446744073709551617')),
    lie('body-longer-than-length', 'reliability B: extra bytes after the body', [0], (correct) => ({
      ...correct,
      body: Buffer.concat([bodyBytes(correct.body), Buffer.from('and more that nobody asked for')]),
    })),
    lie('second-answer-unasked', 'reliability B', [0], (correct) => ({
      ...correct,
      body: Buffer.concat([bodyBytes(correct.body), Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')]),
    })),
    lie('interim-100-and-103-first', 'RFC 9110 15.2', [0], (correct) => ({
      ...correct,
      before: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 3\r\n\r\n',
    })),
    lie('interim-answers-without-end', 'reliability C: resource exhaustion', [3], (correct) => ({
      ...correct,
      before: 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(200_000),
    })),
    lie('switching-protocols-unasked', 'RFC 9110 15.2.2', [3, 4], (correct) => ({
      ...correct,
      status: 101,
      close: true,
    })),
    lie('header-folded', 'RFC 9112 5.2', eitherWay, (correct) =>
      rawHead(correct, ok, length, 'X-Folded: one', '  two'),
    ),
    lie('header-with-nul', 'RFC 9110 5.5', eitherWay, (correct) => rawHead(correct, ok, length, 'X-Nul: a\u0000b')),
    lie('header-space-before-colon', 'RFC 9112 5.1', eitherWay, (correct) =>
      rawHead(correct, ok, 'Content-Length : 5', length),
    ),
    lie('header-without-colon', 'RFC 9112 5', eitherWay, (correct) => rawHead(correct, ok, 'nonsense', length)),
    lie('header-lines-end-with-lf', 'RFC 9112 2.2', eitherWay, (correct) => ({
      ...correct,
      head: `${ok}\n${length}\n\n`,
    })),
    lie('head-of-10-mib', 'reliability B: 10 MB headers', [3], (correct) =>
      rawHead(correct, ok, `X-Big: ${'x'.repeat(10 * MiB)}`, length),
    ),
    lie('head-of-100000-lines', 'reliability D: 5,000 lines', [3], (correct) =>
      rawHead(correct, ok, ...Array<string>(100_000).fill('X-Line: y'), length),
    ),
    lie('head-of-60-kib', 'reliability A4: more than 16 KB is legal', [0], (correct) =>
      rawHead(correct, ok, ...Array<string>(30).fill(`X-Policy: ${'p'.repeat(2000)}`), length),
    ),
    {
      name: 'answer-in-single-bytes',
      why: 'issue 2: split at every byte boundary',
      setup: (lab) =>
        simple(
          lab,
          always((correct) => ({ ...chunked(correct), slice: 1 })),
          { exit: [0], size: 3000 },
        ),
    },
    lie('status-line-missing', 'RFC 9112 4 (HTTP/0.9)', [3], (correct) => ({ ...correct, head: '', close: true })),
    lie('status-line-garbage', 'RFC 9112 4', [3], (correct) => rawHead(correct, 'HTTP/1.1 ok', length)),
    lie('status-out-of-range', 'RFC 9110 15', [3, 4], (correct) => rawHead(correct, 'HTTP/1.1 1200 OK', length)),
    lie('protocol-unknown', 'RFC 9112 2.3', [3], (correct) => rawHead(correct, 'ICY 200 OK', length)),
    lie('head-ends-early', 'RFC 9112 8', [3], (correct) => ({
      ...correct,
      head: `${ok}\r\nContent-Le`,
      cut: { after: 0, how: 'fin' },
    })),
    lie('nothing-at-all', 'reliability B', [3], () => hangUp('fin')),
    {
      name: 'greeting-before-the-request',
      why: 'reliability B: unasked response',
      setup: (lab) => simple(lab, { greeting: '220 mail.example ESMTP ready\r\n' }, { exit: [3] }),
    },
    {
      name: 'garbage-once-then-right',
      why: 'section D: Connection drop',
      setup: (lab) =>
        simple(
          lab,
          first(1, (correct) => rawHead(correct, 'HTTP/1.1 ok')),
          { exit: [0] },
        ),
    },
    { name: 'empty-file', why: 'reliability B: 0 bytes', setup: (lab) => simple(lab, {}, { exit: [0], size: 0 }) },
    { name: 'one-byte-file', why: 'reliability B: 1 byte', setup: (lab) => simple(lab, {}, { exit: [0], size: 1 }) },
    {
      name: 'five-bytes-sixteen-connections',
      why: 'reliability B',
      setup: (lab) => simple(lab, {}, { exit: [0], size: 5, ask: { connections: 16 } }),
    },
    ...[204, 205, 304].map((status) =>
      lie(`status-${status}-unasked`, 'reliability B', [3, 4, 5], (correct) => ({
        ...withBody(correct, Buffer.alloc(0)),
        status,
      })),
    ),
  ],
}
