import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

/** A port whose queue of new connections is full: who connects hears nothing, as behind a firewall that drops. */
export interface FrozenPort {
  readonly port: number
  /** From now on connections are accepted, and every request is answered with the body "thawed". */
  thaw(): void
  close(): void
}

const program = `
const net = require('node:net')
const answer = 'HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nthawed'
const server = net.createServer((socket) => { socket.on('error', () => undefined); socket.on('data', () => socket.write(answer)) })
server.listen({ port: 0, host: process.argv[1], backlog: 1 }, () => {
  process.stdout.write(String(server.address().port))
})`

/** Loopback only; needs a system where a full queue drops connections, which Linux does. */
export async function freezePort(host: string): Promise<FrozenPort> {
  const child = spawn(process.execPath, ['-e', program, host], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = await once(child.stdout, 'data')
  const port = Number(String(printed))
  child.kill('SIGSTOP')
  const fillers = Array.from({ length: 6 }, () => connect({ port, host }).on('error', () => undefined))
  await once(fillers[0] ?? child, 'connect')
  return {
    port,
    thaw: () => child.kill('SIGCONT'),
    close() {
      for (const filler of fillers) filler.destroy()
      child.kill('SIGKILL')
    },
  }
}
