import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Answers with the whole body or the range that was asked for, 64 KiB each so many milliseconds: several connections
 * bring more than one.
 */
export function drip(request: IncomingMessage, response: ServerResponse, body: Buffer, stepMs: number): void {
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const [first, end] = match ? [Number(match[1]), match[2] ? Number(match[2]) + 1 : body.length] : [0, body.length]
  response.writeHead(match ? 206 : 200, {
    'Content-Length': end - first,
    'Accept-Ranges': 'bytes',
    ...(match ? { 'Content-Range': `bytes ${first}-${end - 1}/${body.length}` } : {}),
  })
  let at = first
  const timer = setInterval(() => {
    response.write(body.subarray(at, Math.min(end, at + 65_536)))
    at += 65_536
    if (at < end) return
    clearInterval(timer)
    response.end()
  }, stepMs)
  response.on('close', () => clearInterval(timer))
}
