import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endGroup, timed } from './program.ts'

export interface Web extends AsyncDisposable {
  readonly port: number
  /** http://127.0.0.1:PORT; below it /files/ at full speed, /cap20/ and /cap1/ at 20 and 1 MiB/s a connection. */
  readonly http: string
  /** The same over TLS 1.3 only. */
  readonly https: string
  /** PEM file of the certificate behind `https`. */
  readonly certificate: string
}

/** Starts nginx on free loopback ports, serving `www`. Its own files go to `folder`. */
export async function startWeb(www: string, folder: string, signal: AbortSignal): Promise<Web> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await chmod(folder, 0o755)
  const certificate = await makeCertificate(folder, signal)
  const [http, https] = await freePorts()
  await writeFile(join(folder, 'nginx.conf'), configuration({ www, folder, http, https, certificate }))
  const log = join(folder, 'nginx.log')
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', log], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  child.stderr.pipe(createWriteStream(join(folder, 'nginx.stderr')))
  await Promise.race([
    answers(http, signal),
    once(child, 'exit').then(([code]) => {
      throw new Error(`nginx did not start (exit ${String(code)}); its words are in ${log}`)
    }),
  ])
  return {
    port: http,
    http: `http://127.0.0.1:${http}`,
    https: `https://127.0.0.1:${https}`,
    certificate,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit')
      endGroup(child, 'SIGTERM')
      await gone
    },
  }
}

interface Places {
  readonly www: string
  readonly folder: string
  readonly http: number
  readonly https: number
  readonly certificate: string
}

/** Plain nginx: its access log is off and a connection may carry any number of requests; the same for all clients. */
function configuration({ www, folder, http, https, certificate }: Places): string {
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes auto;
daemon off;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  default_type application/octet-stream;
  ${scratch.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${http};
    listen 127.0.0.1:${https} ssl;
    ssl_protocols TLSv1.3;
    ssl_certificate ${certificate};
    ssl_certificate_key ${folder}/key.pem;
    location /files/ { alias ${www}/; }
    location /cap20/ { limit_rate 20m; alias ${www}/; }
    location /cap1/ { limit_rate 1m; alias ${www}/; }
  }
}
`
}

async function makeCertificate(folder: string, signal: AbortSignal): Promise<string> {
  const certificate = join(folder, 'certificate.pem')
  await timed({
    argv: [
      ...(['openssl', 'req', '-x509', '-nodes', '-days', '30', '-newkey', 'ec'] as const),
      ...['-pkeyopt', 'ec_paramgen_curve:prime256v1', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
      ...['-keyout', join(folder, 'key.pem'), '-out', certificate],
    ],
    cwd: folder,
    env: process.env,
    log: join(folder, 'openssl.log'),
    signal,
    limit: 20_000,
  })
  return certificate
}

/** Two ports that were free a moment ago. */
async function freePorts(): Promise<[number, number]> {
  const servers = [net.createServer(), net.createServer()]
  const ports = []
  for (const server of servers) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    ports.push((server.address() as net.AddressInfo).port)
  }
  for (const server of servers) server.close()
  const [first = 0, second = 0] = ports
  return [first, second]
}

async function answers(port: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const socket = net.connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch (error) {
      if (performance.now() > deadline) throw new Error('nginx does not answer', { cause: error })
      await sleep(50, undefined, { signal })
    } finally {
      socket.destroy()
    }
  }
}
