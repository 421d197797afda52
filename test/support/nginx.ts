import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { needCommand } from './debian.ts'

export interface NginxOptions {
  /** Folder that is served at `/`. */
  readonly files: string
  /** Also serve it over TLS, with a certificate made for `localhost` and `127.0.0.1`. */
  readonly tls?: boolean
  /** `location` blocks for both servers, in nginx's language; `root` is `files` unless they say otherwise. */
  readonly extraLocations?: string
}

export interface Nginx {
  /** Origin without a final slash, such as `http://127.0.0.1:40123`. */
  readonly http: string
  /** Origin of the TLS server; empty without `tls`. */
  readonly https: string
  /** Path of the certificate (PEM) that the TLS server shows, which is its own CA; empty without `tls`. */
  readonly cert: string
  /** Path of the access log: one JSON object (LoggedRequest) a line, written when a request ends. */
  readonly accessLog: string
  /** Process id of the master; its workers end with it. */
  readonly pid: number
  /** Ends the server and removes its folder. May be called twice. */
  stop(): Promise<void>
}

/** One line of the access log. */
export interface LoggedRequest {
  readonly method: string
  readonly uri: string
  readonly status: number
  /** Bytes of the body that were handed to the kernel, also when the client went away. */
  readonly bytes: number
  /** Number of the connection, counted from the start of the server. */
  readonly connection: number
  /** The Range header, empty when there was none. */
  readonly range: string
  /** The Authorization header, empty when there was none. */
  readonly authorization: string
  readonly seconds: number
}

/** Starts a real nginx on free loopback ports and waits until it accepts connections. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const command = needCommand({ command: 'nginx', package: 'nginx-light' })
  const prefix = await mkdtemp(join(tmpdir(), 'sluice-nginx-'))
  try {
    if (options.tls === true) makeCertificate(prefix)
    // Another process may take a port between its choice and nginx's bind, hence more than one attempt.
    for (let attempt = 1; ; attempt++) {
      const ports = await freePorts(2)
      const server = await launch(command, prefix, options, ports)
      if (server !== undefined) return server
      if (attempt === 5) throw new Error(`nginx does not start: ${await readFile(join(prefix, 'error.log'), 'utf8')}`)
    }
  } catch (error) {
    await rm(prefix, { recursive: true, force: true })
    throw error
  }
}

/** The requests that have ended so far, in the order of their ends. */
export async function readAccessLog(server: Nginx): Promise<LoggedRequest[]> {
  const lines = (await readFile(server.accessLog, 'utf8')).split('\n')
  return lines.filter((line) => line !== '').map((line): LoggedRequest => JSON.parse(line))
}

/** Loopback ports that nothing listens on at this moment. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

async function launch(
  command: string,
  prefix: string,
  options: NginxOptions,
  [plainPort = 0, tlsPort = 0]: number[],
): Promise<Nginx | undefined> {
  await writeFile(join(prefix, 'nginx.conf'), configuration(options, plainPort, tlsPort))
  const child = spawn(command, ['-p', prefix, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  // A test run that crashes leaves no server behind.
  const kill = () => child.kill('SIGTERM')
  process.once('exit', kill)
  const ports = options.tls === true ? [plainPort, tlsPort] : [plainPort]
  for (const port of ports) {
    if (!(await accepts(child, port))) return undefined
  }
  return {
    http: `http://127.0.0.1:${plainPort}`,
    https: options.tls === true ? `https://127.0.0.1:${tlsPort}` : '',
    cert: options.tls === true ? join(prefix, 'cert.pem') : '',
    accessLog: join(prefix, 'access.log'),
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await exited
      process.off('exit', kill)
      await rm(prefix, { recursive: true, force: true })
    },
  }
}

/** Waits until the port of the child accepts; false when the child has ended before. */
async function accepts(child: ChildProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + 60_000
  while (child.exitCode === null && child.signalCode === null) {
    const socket = connect(port, '127.0.0.1')
    const connected = await new Promise<boolean>((settle) => {
      socket.once('connect', () => settle(true)).once('error', () => settle(false))
    })
    socket.destroy()
    if (connected) return true
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`nginx does not accept connections on port ${port}`)
    }
    await sleep(10)
  }
  return false
}

function makeCertificate(prefix: string): void {
  const openssl = needCommand({ command: 'openssl', package: 'openssl' })
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'.split(' ')
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const files = ['-keyout', join(prefix, 'key.pem'), '-out', join(prefix, 'cert.pem')]
  execFileSync(openssl, [...request, ...names, ...files], { stdio: 'ignore' })
}

function configuration(options: NginxOptions, plainPort: number, tlsPort: number): string {
  const root = resolve(options.files)
  const locations = options.extraLocations ?? ''
  const plain = `server { listen 127.0.0.1:${plainPort}; root "${root}"; ${locations} }`
  const tls = `server {
    listen 127.0.0.1:${tlsPort} ssl;
    ssl_certificate cert.pem;
    ssl_certificate_key key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    root "${root}";
    ${locations}
  }`
  // Workers of a master that runs as root become another user, who cannot read private temporary folders.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `
${user}
daemon off;
worker_processes 2;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 1024; }
http {
  log_format requests escape=json '{"method":"$request_method","uri":"$request_uri","status":$status,'
    '"bytes":$body_bytes_sent,"connection":$connection,"range":"$http_range","authorization":"$http_authorization",'
    '"seconds":$request_time}';
  access_log access.log requests;
  default_type application/octet-stream;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_body_temp_path temp-body;
  proxy_temp_path temp-proxy;
  fastcgi_temp_path temp-fastcgi;
  uwsgi_temp_path temp-uwsgi;
  scgi_temp_path temp-scgi;
  ${plain}
  ${options.tls === true ? tls : ''}
}
`
}
