import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readAccessLog, startNginx } from './nginx.ts'
import type { LoggedRequest, Nginx } from './nginx.ts'
import type { Registry } from './registry.ts'

export interface FrontBehaviour {
  /** How a request for a blob is answered: by the registry itself, or by a redirect of this status. Default 307. */
  readonly blobs?: 'direct' | 301 | 302 | 303 | 307 | 308
  /** Where redirects lead: another origin (default), this one, or another path here and from there to the other origin. */
  readonly to?: 'cdn' | 'front' | 'two-hops'
  /** The other origin is named localhost and not 127.0.0.1: another host, and not just another port. Default false. */
  readonly otherName?: boolean
  /** Seconds for which an address at the CDN holds; after that 410, and 403 for one that was changed. Default for ever. */
  readonly signedFor?: number
  /** Bytes a second of each connection while `slow` was called, in nginx's words. Default 4m. */
  readonly slowRate?: string
  /** False: Range is ignored. */
  readonly ranges?: boolean
}

/** One request that has ended. */
export interface FrontRequest extends LoggedRequest {
  readonly at: 'front' | 'cdn'
}

/** A real nginx before a registry, and another one as the store of blobs that it redirects to. */
export interface Front extends AsyncDisposable {
  /** Origin of the registry as clients see it. */
  readonly url: string
  /** Origin of the blobs. */
  readonly cdn: string
  /** Waits until no request is open, and gives all of them. */
  requests(): Promise<FrontRequest[]>
  /** Body bytes of blobs that both servers have sent. */
  blobBytes(): Promise<number>
  /** Whether the CDN, and the front where it is its own, sends blobs slowly from the next request on. */
  slow(isSlow: boolean): Promise<void>
  /** Whether blobs are refused with 429 and Retry-After: 1 from the next request on. */
  busy(isBusy: boolean): Promise<void>
}

const SECRET = 'of the signer'
/** Where blobs lie in the storage of docker-registry, and in the addresses of the CDN. */
const BLOBS = '/docker/registry/v2/blobs/'

export async function startFront(registry: Registry, behaviour: FrontBehaviour = {}): Promise<Front> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-front-'))
  const closers: Array<() => Promise<void>> = [() => rm(folder, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  const start = async (extraLocations: string): Promise<Nginx> => {
    const server = await startNginx({ files: registry.storageDir, extraLocations })
    closers.push(() => server.stop())
    return server
  }
  try {
    const store = storeLocation(folder, registry, behaviour)
    const cdn = await start(`location /status { stub_status; } location / { return 404; } ${store}`)
    const target = behaviour.otherName === true ? cdn.http.replace('127.0.0.1', 'localhost') : cdn.http
    const signer = behaviour.signedFor === undefined ? undefined : await startSigner(target, behaviour.signedFor)
    if (signer !== undefined) closers.push(() => signer.close())
    const front = await start(frontLocations(folder, registry, behaviour, { target, signer: signer?.url, store }))
    return describe(folder, front, cdn, close)
  } catch (error) {
    await close()
    throw error
  }
}

function describe(folder: string, front: Nginx, cdn: Nginx, close: () => Promise<void>): Front {
  const requests = async (): Promise<FrontRequest[]> => {
    const both = await Promise.all(
      ([front, cdn] as const).map(async (server, index) => {
        await isQuiet(server)
        const at = index === 0 ? ('front' as const) : ('cdn' as const)
        return (await readAccessLog(server)).map((request) => ({ ...request, at }))
      }),
    )
    return both.flat().filter(({ uri }) => uri !== '/status')
  }
  const flag = async (name: string, isSet: boolean): Promise<void> => {
    if (isSet) await writeFile(join(folder, name), '')
    else await rm(join(folder, name), { force: true })
  }
  return {
    url: front.http,
    cdn: cdn.http,
    requests,
    async blobBytes() {
      const blobs = (await requests()).filter(({ uri, status }) => uri.includes('/blobs/') && status < 300)
      return blobs.reduce((sum, { bytes }) => sum + bytes, 0)
    },
    slow: (isSlow) => flag('slow', isSlow),
    busy: (isBusy) => flag('busy', isBusy),
    [Symbol.asyncDispose]: close,
  }
}

/** nginx logs a request when its last byte is out or its client gone, so until then its question is the only open one. */
async function isQuiet(server: Nginx): Promise<void> {
  const limit = Date.now() + 60_000
  for (;;) {
    const status = await (await fetch(`${server.http}/status`, { headers: { connection: 'close' } })).text()
    const [, reading, writing] = /Reading: (\d+) Writing: (\d+)/.exec(status) ?? []
    if (reading === '0' && writing === '1') return
    if (Date.now() > limit) throw new Error(`requests stay open: ${status}`)
    await sleep(10)
  }
}

/** Blobs straight from the registry's storage, for nobody who shows the credentials of another server. */
function storeLocation(folder: string, registry: Registry, behaviour: FrontBehaviour): string {
  const signed = `
    secure_link $arg_md5,$arg_expires;
    secure_link_md5 "$secure_link_expires$uri ${SECRET}";
    if ($secure_link = "") { return 403; }
    if ($secure_link = "0") { return 410; }`
  return `location ${BLOBS} {
    ${pace(folder, behaviour)}
    if ($http_authorization) { return 400; }
    ${behaviour.signedFor === undefined ? '' : signed}
    ${behaviour.ranges === false ? 'max_ranges 0;' : ''}
    root "${registry.storageDir}";
  }`
}

/** The switches, which are files. */
function pace(folder: string, { slowRate = '4m' }: FrontBehaviour): string {
  return `
    set $pace 0;
    if (-f ${folder}/slow) { set $pace ${slowRate}; }
    limit_rate $pace;
    if (-f ${folder}/busy) { add_header Retry-After 1 always; return 429; }`
}

function frontLocations(
  folder: string,
  registry: Registry,
  behaviour: FrontBehaviour,
  { target, signer, store }: { readonly target: string; readonly signer: string | undefined; readonly store: string },
): string {
  const { blobs = 307, to = 'cdn', ranges } = behaviour
  const pass = `proxy_pass ${registry.url}; proxy_set_header Host $http_host;`
  const common = `location /status { stub_status; } location /v2/ { ${pass} }`
  const isBlob = '^/v2/.+/blobs/sha256:(?<hex>(?<two>[0-9a-f][0-9a-f])[0-9a-f]+)$'
  if (blobs === 'direct') {
    const noRanges = ranges === false ? 'proxy_set_header Range ""; proxy_force_ranges off;' : ''
    return `${common} location ~ "${isBlob}" { ${pace(folder, behaviour)} ${pass} proxy_max_temp_file_size 0; ${noRanges} }`
  }
  const path = `${BLOBS}sha256/$two/$hex/data`
  const there =
    signer === undefined ? `return ${blobs} ${target}${path};` : `proxy_pass ${signer}${path}?status=${blobs};`
  // A bare return would come before the question whether the client may have the blob.
  const asked = (name: string, answer: string): string => `
    location ~ "${isBlob}" { auth_request /may; try_files /nothing @${name}; }
    location @${name} { ${answer} }`
  const may = `location = /may {
    internal;
    proxy_pass ${registry.url}$request_uri;
    proxy_method HEAD;
    proxy_set_header Range "";
    proxy_set_header Host $http_host;
  }`
  const hop = `location ~ "^/hop(?<rest>/.+)$" { return ${blobs} ${target}$rest; }`
  if (to === 'cdn') return `${common} ${may} ${asked('there', there)}`
  if (to === 'two-hops') return `${common} ${may} ${hop} ${asked('hop', `return ${blobs} /hop${path};`)}`
  // Here the client keeps its credentials, as the origin stays the same.
  const own = store.replace('if ($http_authorization) { return 400; }', '')
  return `${common} ${may} ${own} ${asked('here', `return ${blobs} ${path};`)}`
}

interface Signer {
  readonly url: string
  close(): Promise<void>
}

/** Answers with a redirect to an address that is signed in the way of nginx's secure_link module. */
async function startSigner(target: string, seconds: number): Promise<Signer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://signer')
    const expires = Math.floor(Date.now() / 1000) + seconds
    const md5 = createHash('md5').update(`${expires}${pathname} ${SECRET}`).digest('base64url')
    const location = `${target}${pathname}?md5=${md5}&expires=${expires}`
    response.writeHead(Number(searchParams.get('status')), { Location: location }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
