import { execFileSync } from 'node:child_process'
import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { needCommand } from './debian.ts'

export interface TokenIssuerOptions {
  /** Seconds for which a token holds, at the registry too; default 300. Below 1 they are told as 1. */
  readonly expiresIn?: number
  /** Who may have a token. Default: anybody, anonymous. */
  readonly user?: { readonly name: string; readonly password: string }
  /** Accepted by POST with grant_type=refresh_token. */
  readonly refreshToken?: string
  /** How the realm names the issuer: the same port on 127.0.0.1 under one name or the other. Default 127.0.0.1. */
  readonly host?: '127.0.0.1' | 'localhost'
  /** False: POST is answered with 405, as by issuers that only know GET. Default true. */
  readonly takesPost?: boolean
}

/** One request for a token. */
export interface TokenRequest {
  readonly method: string
  /** Of the query or the form. */
  readonly fields: URLSearchParams
  /** The Authorization field, or undefined. */
  readonly authorization: string | undefined
  readonly status: number
}

/** A server of tokens in the way of the distribution project (docs/spec/auth/jwt.md), and what a registry has to trust. */
export interface TokenIssuer extends AsyncDisposable {
  readonly realm: string
  readonly service: string
  readonly issuer: string
  /** Path of the certificate (PEM) that vouches for the tokens. */
  readonly certificate: string
  readonly requests: readonly TokenRequest[]
  /** A token of its own making. */
  token(scope: string, expiresIn?: number): string
  /** Seconds for which the next tokens hold. */
  expiresIn: number
  /** Whether it made this token, for this repository, and it neither ended nor was revoked. */
  holds(token: string, repository: string): boolean
  /** Ends all tokens made so far, before the time that was told. Only `holds` knows. */
  revoke(): void
}

/** docker-registry takes a token for so many seconds after its end (`registry/auth/token`, Leeway). */
const LEEWAY = 60

export async function startTokenIssuer(options: TokenIssuerOptions = {}): Promise<TokenIssuer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-issuer-'))
  const { key, der } = makeKey(folder)
  const requests: TokenRequest[] = []
  const made = new Map<string, { readonly scope: string; readonly ends: number }>()
  const server = createServer((request, response) => {
    void answer(request, response)
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers, url = '/' } = request
    const query = new URL(url, 'http://issuer').searchParams
    const fields = method === 'POST' ? new URLSearchParams(await text(request)) : query
    const { status, body } = judge(method, fields, headers.authorization)
    requests.push({ method, fields, authorization: headers.authorization, status })
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }

  function judge(method: string, fields: URLSearchParams, authorization: string | undefined): Judgement {
    const { user, refreshToken, takesPost = true } = options
    if (method === 'POST' && !takesPost) return refusal(405, 'UNSUPPORTED', 'POST is not taken here')
    if (method !== 'GET' && method !== 'POST') return refusal(405, 'UNSUPPORTED', `${method} is not taken here`)
    if (fields.get('service') !== issuer.service) return refusal(400, 'DENIED', 'another service')
    const shown = method === 'GET' ? ofBasic(authorization) : ofForm(fields)
    const isUser = user === undefined || (shown?.name === user.name && shown.password === user.password)
    const isKnown = isUser || (refreshToken !== undefined && fields.get('refresh_token') === refreshToken)
    if (!isKnown) return refusal(401, 'UNAUTHORIZED', 'authentication required')
    const token = issuer.token(fields.get('scope') ?? '')
    const told = { expires_in: Math.max(1, Math.round(issuer.expiresIn)), issued_at: new Date().toISOString() }
    return { status: 200, body: method === 'GET' ? { token, ...told } : { access_token: token, ...told } }
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer: TokenIssuer = {
    realm: `http://${options.host ?? '127.0.0.1'}:${port}/token`,
    service: 'test-registry',
    issuer: 'test-issuer',
    certificate: join(folder, 'cert.pem'),
    requests,
    expiresIn: options.expiresIn ?? 300,
    token(scope, expiresIn = issuer.expiresIn) {
      const now = Math.floor(Date.now() / 1000)
      const claims = {
        iss: issuer.issuer,
        sub: '',
        aud: issuer.service,
        nbf: now - LEEWAY,
        iat: now,
        exp: now + Math.ceil(expiresIn) - LEEWAY,
        jti: randomUUID(),
        access: accessOf(scope),
      }
      const token = signed(key, { typ: 'JWT', alg: 'ES256', x5c: [der] }, claims)
      made.set(token, { scope, ends: Date.now() + expiresIn * 1000 })
      return token
    },
    holds(token, repository) {
      const { scope = '', ends = 0 } = made.get(token) ?? {}
      return ends > Date.now() && scope.split(' ').includes(`repository:${repository}:pull`)
    },
    revoke: () => made.clear(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return issuer
}

interface Judgement {
  readonly status: number
  readonly body: object
}

function refusal(status: number, code: string, message: string): Judgement {
  return { status, body: { errors: [{ code, message }] } }
}

interface Shown {
  readonly name: string
  readonly password: string
}

function ofBasic(authorization: string | undefined): Shown | undefined {
  const [, coded] = /^Basic (.+)$/.exec(authorization ?? '') ?? []
  if (coded === undefined) return undefined
  const [name = '', ...rest] = Buffer.from(coded, 'base64').toString().split(':')
  return { name, password: rest.join(':') }
}

function ofForm(fields: URLSearchParams): Shown | undefined {
  if (fields.get('grant_type') !== 'password') return undefined
  return { name: fields.get('username') ?? '', password: fields.get('password') ?? '' }
}

/** `repository:library/small:pull,push`: only pulling is granted. */
function accessOf(scope: string): object[] {
  return scope.split(' ').flatMap((one) => {
    const [, type, name, actions = ''] = /^([a-z]+):(.+):([a-z,*]+)$/.exec(one) ?? []
    return actions.split(',').includes('pull') ? [{ type, name, actions: ['pull'] }] : []
  })
}

function signed(key: KeyObject, header: object, claims: object): string {
  const coded = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(coded), { key, dsaEncoding: 'ieee-p1363' })
  return `${coded}.${signature.toString('base64url')}`
}

/** A key, and its certificate as DER in base64. */
function makeKey(folder: string): { readonly key: KeyObject; readonly der: string } {
  const openssl = needCommand({ command: 'openssl', package: 'openssl' })
  const [keyPath, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=issuer'.split(
    ' ',
  )
  execFileSync(openssl, [...request, '-keyout', keyPath, '-out', certificate], { stdio: 'ignore' })
  const der = new X509Certificate(readFileSync(certificate)).raw.toString('base64')
  return { key: createPrivateKey(readFileSync(keyPath)), der }
}
