import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FileServer extends AsyncDisposable {
  readonly url: string
  readonly server: Server
}

/** Bytes of a test file: the same for the same size, different at every offset of a page. */
export function content(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(at ^ size, at)
  return bytes
}

/** Serves `content(size)` at /<size>/any-name with ranges, 404 elsewhere. */
export async function startFileServer(): Promise<FileServer> {
  const server = createServer((request, response) => {
    const size = Number(/^\/(\d+)\//.exec(request.url ?? '')?.[1] ?? NaN)
    if (Number.isNaN(size)) {
      response.writeHead(404).end('no such file')
      return
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const start = Number(from ?? 0)
    const end = to === undefined || to === '' ? size : Number(to) + 1
    response.writeHead(from === undefined ? 200 : 206, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': end - start,
      'Accept-Ranges': 'bytes',
      ETag: `"${size}"`,
      ...(from === undefined ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${size}` }),
    })
    response.end(content(size).subarray(start, end))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
