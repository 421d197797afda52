import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { damagedAnswer, goodAnswer } from '../../test/support/answers.ts'
import { oddAnswers } from '../../test/support/odd-answers.ts'
import type { NodeReading } from '../../test/support/node-reading.ts'
import { readWithNode } from '../../test/support/node-reading.ts'
import type { Reading } from '../../test/support/read-answer.ts'
import { readAnswer } from '../../test/support/read-answer.ts'

const control = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Where we refuse on purpose what Node's strict parser accepts. Each entry needs both: our words, and the proof in the
 * answer or in what Node made of it, so that no other difference hides behind it.
 */
const stricter: ReadonlyArray<{
  readonly why: string
  readonly words: RegExp
  readonly proof: (text: string, node: NodeReading) => boolean
}> = [
  {
    why: 'empty lines before a status line: only servers are to skip them, before a request (RFC 9112, 2.2)',
    words: /does not speak HTTP|without a carriage return|without a line feed/,
    proof: (text) => /^[\r\n]/.test(afterInterims(text)),
  },
  {
    why: 'a reason phrase with control characters (RFC 9112, 4): it is printed',
    words: /status line|without a carriage return|without a line feed/,
    proof: (text, node) => control.test(node.reason) || control.test(interims(text).replaceAll('\r\n', '')),
  },
  {
    why: 'a status below 100 (RFC 9110, 15)',
    words: /status line/,
    proof: (_text, node) => node.status < 100,
  },
  {
    why: 'switching protocols, which a GET never asked for',
    words: /another protocol/,
    proof: (_text, node) => node.status === 101,
  },
  {
    why: 'HTTP/0.9, HTTP/2.0, RTSP and ICE in a status line',
    words: /status line|does not speak HTTP/,
    proof: (text) => /^(RTSP|ICE|HTTP\/(0\.9|2\.0))/.test(afterInterims(text)),
  },
  {
    why: 'transfer codings other than a single chunked: they cannot be undone, or the end is uncertain (RFC 9112, 6.1)',
    words: /Transfer-Encoding/,
    proof: (text, node) => {
      const codings = node.fields.filter(
        (_value, index) => index % 2 === 1 && node.fields[index - 1] === 'transfer-encoding',
      )
      if (/transfer-encoding/i.test(interims(text))) return true
      return codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked' || node.version === '1.0'
    },
  },
  {
    why: 'chunk extensions that lack a name or a value (RFC 9112, 7.1.1)',
    words: /chunk extension/,
    proof: (text) => /[0-9a-fA-F](;[^\r\n]*)?[;=](=|;|\r\n)/.test(text),
  },
]

/** Where we accept on purpose what Node refuses. */
const laxer: ReadonlyArray<{ readonly why: string; readonly proof: (text: string, node: NodeReading) => boolean }> = [
  {
    why: 'trailer fields named like framing ones: all trailers are ignored (RFC 9110, 6.5.1)',
    proof: (text, node) =>
      /\r\n0+(;[^\r\n]*)?\r\n[^]*(content-length|transfer-encoding|upgrade)/i.test(text) &&
      /Content-Length|Transfer-Encoding/.test(node.why),
  },
  {
    why: 'fields of interim answers: they say nothing about the final one (RFC 9110, 15.2)',
    proof: (text, node) => afterInterims(text) !== text && /Data after `Connection: close`/.test(node.why),
  },
]

/** The text behind well-formed interim answers. */
function afterInterims(text: string): string {
  return text.replace(/^(HTTP\/1\.[01] 1(?!01)\d\d[^\r\n]*\r\n([^\r\n]+\r\n)*\r\n)+/, '')
}

function interims(text: string): string {
  return text.slice(0, text.length - afterInterims(text).length)
}

/** Bytes up to the end of the answer as we see it; Node goes on to parse what follows as another answer. */
function answerLength(bytes: Buffer): number {
  for (let length = 0; length < bytes.length; length++) {
    const reading = readAnswer([bytes.subarray(0, length)])
    if (reading.how !== undefined && reading.how !== 'close') return length
  }
  return bytes.length
}

/** Compares the two verdicts; returns the reason of a deliberate difference, '' when they agree. */
async function compare(text: string): Promise<string> {
  const bytes = Buffer.from(text, 'latin1')
  const ours = readAnswer([bytes])
  const node = await readWithNode(ours.excess ? bytes.subarray(0, answerLength(bytes)) : bytes)
  if (ours.refusal === undefined && node.accepted) {
    assert.deepEqual(seen(ours), seen(node))
    return ''
  }
  if (ours.refusal !== undefined && !node.accepted) return ''
  const { refusal } = ours
  const known =
    refusal === undefined
      ? laxer.find((entry) => entry.proof(text, node))
      : stricter.find((entry) => entry.words.test(refusal) && entry.proof(text, node))
  if (known === undefined)
    assert.fail(
      `${JSON.stringify(text)} ours: ${refusal ?? 'accepted'}, Node: ${node.accepted ? 'accepted' : node.why}`,
    )
  return known.why
}

function seen(reading: Reading | NodeReading): unknown {
  const { status, reason, version, fields, body } = reading
  return { status, reason, version, fields, body }
}

describe('the answer reader and the strict parser of Node', () => {
  it('read the same from 2000 proper answers', async () => {
    await fc.assert(
      fc.asyncProperty(goodAnswer, async (text) => {
        assert.equal(await compare(text), '')
      }),
      { numRuns: 2000 },
    )
  })

  it('agree on answers picked by hand, but for the listed differences, each of which occurs', async () => {
    const occurred = new Set<string>()
    for (const text of oddAnswers) occurred.add(await compare(text))
    for (const { why } of [...stricter, ...laxer]) assert.ok(occurred.has(why), `never seen: ${why}`)
  })

  it('agree on 12000 damaged answers, but for the listed differences', async (context) => {
    const differences = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(damagedAnswer, async (text) => {
        const why = await compare(text)
        if (why !== '') differences.set(why, (differences.get(why) ?? 0) + 1)
      }),
      { numRuns: 12_000 },
    )
    for (const [why, count] of differences) context.diagnostic(`${count} times: ${why}`)
  })
})
