import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import net from 'node:net'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import type { Meter } from '../measure.ts'
import { aria2, curl, sluice, wget2 } from '../peers.ts'
import { timed } from '../program.ts'
import type { Row } from './row.ts'

const BODY = 'The first byte of a request is what counts here.\n'

export const start: Row = {
  id: 'P14',
  title: 'time from the start of the command to its first request at the server',
  notes: [
    'The server is a socket of the bench itself, which notes when the first byte of a request arrives; the home folder is kept from run to run.',
  ],
  run: async (bench) => {
    let firstRequest = Number.NaN
    await using server = net.createServer((socket) => {
      socket.on('data', (bytes) => {
        if (Number.isNaN(firstRequest)) firstRequest = performance.now()
        if (bytes.includes('\r\n\r\n'))
          socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`)
      })
      socket.on('error', () => socket.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const meter: Meter = {
      unit: 'ms',
      take: async (command) => {
        firstRequest = Number.NaN
        const started = performance.now()
        await timed(command)
        if (Number.isNaN(firstRequest)) throw new Error('sent no request')
        return firstRequest - started
      },
    }
    const url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/note.txt`
    return [
      await measure(
        bench,
        {
          title: 'first request of a small file',
          ours: 'sluice',
          contenders: [sluice('sluice', url), curl(url), aria2(1, url), wget2(url)],
          targets: [
            { kind: 'figure', of: 'median', below: 150 },
            { kind: 'figure', of: 'median', below: 100 },
          ],
          check: async (folder) => {
            if ((await readFile(join(folder, 'note.txt'), 'utf8')) !== BODY) throw new Error('left wrong bytes')
          },
          rounds: Math.max(bench.rounds, 9),
        },
        meter,
      ),
    ]
  },
}
