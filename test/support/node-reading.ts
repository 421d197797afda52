import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'

/** What Node's strict HTTP client makes of an answer. */
export interface NodeReading {
  readonly accepted: boolean
  readonly status: number
  readonly reason: string
  readonly version: string
  /** Names in lower case and values, alternating. */
  readonly fields: ReadonlyArray<string>
  readonly body: string
  /** Why it was refused. */
  readonly why: string
}

const nothing = { status: 0, reason: '', version: '', fields: [], body: '' }

/** Gives the bytes to `http.request` as an answer, then the end of the connection; no socket is involved. */
export function readWithNode(bytes: Buffer): Promise<NodeReading> {
  return new Promise((resolve) => {
    const connection = new Duplex({
      read: () => undefined,
      write(_request, _encoding, written) {
        written()
        process.nextTick(() => {
          connection.push(bytes)
          connection.push(null)
        })
      },
    })
    const refuse = (why: string): void => {
      resolve({ ...nothing, accepted: false, why })
      connection.destroy()
    }
    const asked = request({
      host: '127.0.0.1',
      createConnection: () => connection,
      insecureHTTPParser: false,
      maxHeaderSize: 300 * 1024,
    })
    asked.on('response', (answer) => collect(answer, resolve, refuse))
    asked.on('upgrade', () => refuse('it upgrades'))
    asked.on('error', (error) => refuse(error.message))
    asked.on('close', () => refuse('it closed'))
    asked.end()
  })
}

function collect(
  answer: IncomingMessage,
  resolve: (reading: NodeReading) => void,
  refuse: (why: string) => void,
): void {
  const parts: Buffer[] = []
  answer.on('data', (part: Buffer) => parts.push(part))
  answer.on('error', (error) => refuse(error.message))
  answer.on('end', () => {
    if (!answer.complete) {
      refuse('it is incomplete')
      return
    }
    resolve({
      accepted: true,
      status: answer.statusCode ?? 0,
      reason: answer.statusMessage ?? '',
      version: answer.httpVersion,
      fields: answer.rawHeaders.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text)),
      body: Buffer.concat(parts).toString('latin1'),
      why: '',
    })
  })
}
