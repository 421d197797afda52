import type { Connection } from './connection.ts'
import type { BodySink, WireRequest } from './types.ts'

/** One exchange as the client and its connection see it. */
export interface Job {
  readonly request: WireRequest
  /** The request as it is sent; '' until its first start. */
  head: string
  readonly sink: BodySink
  /** The connection that carries it; none before the start, after the end and between two attempts. */
  connection: Connection | undefined
  /** How many pauses are in force. */
  pauses: number
  ownsRing: boolean
  connectMs: number | null
  /** A fresh connection has taken the place of a reused one that died. */
  replaced: boolean
  /** The receiver has been told the end, or wants to hear nothing any more. */
  over: boolean
}
