import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { TestContext } from 'node:test'

/** One event of a stream of Server-Sent Events. */
export interface StreamEvent {
  readonly id: string
  readonly type: string
  readonly data: string
}

export interface EventStream {
  readonly status: number
  readonly contentType: string
  /** Those that came so far; comments are left out. */
  events(): StreamEvent[]
  /** All text that came so far. */
  text(): string
  readonly isOver: boolean
  close(): void
}

/** Listens until it is closed or the test ends. */
export async function openEvents(
  t: TestContext,
  origin: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${origin}/api/events`, { headers, agent: false }, resolve).once('error', reject)
  })
  let text = ''
  let isOver = false
  response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  // A daemon that is killed cuts the stream: the test sees it by `isOver`.
  response.on('error', () => undefined)
  response.once('close', () => (isOver = true))
  t.after(() => response.destroy())
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    events: () =>
      text
        .split('\n\n')
        .slice(0, -1)
        .map(readEvent)
        .filter(({ data }) => data !== ''),
    text: () => text,
    get isOver() {
      return isOver
    },
    close: () => void response.destroy(),
  }
}

function readEvent(block: string): StreamEvent {
  const field = (name: string): string =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''))
      .join('\n')
  return { id: field('id'), type: field('event'), data: field('data') }
}
