import { SluiceError } from '../../src/core/errors.ts'
import { createAnswerReader } from '../../src/wire/answer-reader.ts'
import type { BodyEnd } from '../../src/wire/types.ts'

/** What our reader makes of an answer. */
export interface Reading {
  /** undefined when the answer was accepted. */
  readonly refusal: string | undefined
  readonly status: number
  readonly reason: string
  readonly version: string
  /** Names in lower case and values, alternating. */
  readonly fields: ReadonlyArray<string>
  readonly body: string
  readonly how: BodyEnd | undefined
  readonly excess: boolean
}

/** Feeds the pieces one after the other, then the end of the connection. */
export function readAnswer(pieces: ReadonlyArray<Buffer>): Reading {
  const found = {
    refusal: undefined as string | undefined,
    status: 0,
    reason: '',
    version: '',
    fields: [] as string[],
    body: '',
    how: undefined as BodyEnd | undefined,
    excess: false,
  }
  const reader = createAnswerReader({
    head(head) {
      found.status = head.status
      found.reason = head.reason
      found.version = head.version
      found.fields = head.fields.flat()
    },
    data(buffer, start, end) {
      found.body += buffer.toString('latin1', start, end)
    },
    end(how, excess) {
      found.how = how
      found.excess = excess
    },
  })
  // Like a read buffer: bytes before and behind the piece belong to others, and all are gone after the call.
  const scratch = Buffer.alloc(Math.max(0, ...pieces.map((piece) => piece.length)) + 10)
  try {
    for (const piece of pieces) {
      if (found.how !== undefined) {
        found.excess ||= piece.length > 0
        break
      }
      scratch.fill('!')
      piece.copy(scratch, 5)
      reader.feed(scratch, 5, 5 + piece.length)
    }
    if (found.how === undefined) reader.finish('server:80')
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    found.refusal = `${error.code}: ${error.message}`
  }
  return found
}
