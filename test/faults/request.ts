/** A request as an origin saw it. The origin fills `status` and `sent` while it answers. */
export interface SeenRequest {
  /** Counts from 1 over all requests of the origin. */
  readonly index: number
  /** Counts from 1 over all connections of the origin. */
  readonly connection: number
  /** Counts from 1 on its connection. */
  readonly nth: number
  /** How many others the origin was answering when it came. */
  readonly others: number
  readonly method: string
  /** Path without the query, as sent. */
  readonly path: string
  /** What follows the `?`, or ''. */
  readonly query: string
  /** Names in lower case; repeated fields joined with ", ". */
  readonly headers: ReadonlyMap<string, string>
  /** The single byte range asked for: `end` is exclusive, undefined for an open one. Null without one. */
  readonly range: { readonly start: number; readonly end: number | undefined } | null
  /** Milliseconds of a monotonic clock. */
  readonly at: number
  /** Status that was answered, 0 before. */
  status: number
  /** Body bytes handed to the socket. */
  sent: number
}

type Place = Pick<SeenRequest, 'index' | 'connection' | 'nth' | 'others'>

/** Reads a request head (without the blank line). Our clients are under test, so anything odd throws. */
export function parseRequest(head: string, place: Place): SeenRequest {
  const [requestLine = '', ...lines] = head.split('\r\n')
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(requestLine) ?? []
  if (method === undefined || target === undefined)
    throw new Error(`not a request line: ${JSON.stringify(requestLine)}`)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`not a header line: ${JSON.stringify(line)}`)
    const key = name.toLowerCase()
    const before = headers.get(key)
    headers.set(key, before === undefined ? value : `${before}, ${value}`)
  }
  const question = target.indexOf('?')
  return {
    ...place,
    method,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? '' : target.slice(question + 1),
    headers,
    range: parseRange(headers.get('range')),
    at: performance.now(),
    status: 0,
    sent: 0,
  }
}

function parseRange(value: string | undefined): SeenRequest['range'] {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(value ?? '') ?? []
  if (start === undefined) return null
  return { start: Number(start), end: end === undefined || end === '' ? undefined : Number(end) + 1 }
}
