import { SluiceError } from '../../core/errors.ts'
import type { ApiAnswer } from '../../wire/api-answer.ts'
import { tokenError } from './answer-error.ts'
import type { Asked } from './answer-error.ts'
import { askFor, postForm } from '../ask.ts'
import type { Asking, Question } from '../ask.ts'
import { basicAuthorization, tokenUser } from './credentials.ts'
import type { Credentials } from './credentials.ts'

/** What a token is asked for. */
export interface TokenWanted {
  /** Judged by `judgeRealm`. */
  readonly realm: URL
  readonly service: string | null
  /** One or several, divided by blanks. */
  readonly scope: string
  /** Null asks as nobody; a realm that must not have the login gets none. */
  readonly credentials: Credentials | null
}

export interface RegistryToken {
  readonly value: string
  /** Seconds that it holds, from the moment of the answer. */
  readonly lifetime: number
}

const maxBytes = 128 * 1024
/** Seconds, where the answer does not say (distribution, docs/spec/auth/token.md). */
const defaultLifetime = 60
/** Our name as an OAuth2 client. */
const clientId = 'sluice'

/**
 * Asks a token server for a token (distribution, docs/spec/auth/token.md and oauth.md). An identity token is shown by
 * POST, user and password by GET with Basic; where the server does not know that way (404, 405), in the other one.
 * Errors: `http-unauthorized`, `http-busy`, `http-server-error`, `http-status`, `bad-response` (no token in the answer),
 * `answer-too-large`, and those of the network.
 */
export async function getRegistryToken(
  asking: Asking,
  wanted: TokenWanted,
  about: Pick<Question, 'newGuard' | 'signal'>,
  asked: Asked,
): Promise<RegistryToken> {
  const ways = [askByGet, ...(wanted.credentials === null ? [] : [askByForm])]
  if (wanted.credentials?.kind === 'identity') ways.reverse()
  const [first = askByGet, second] = ways
  let answer = await first(asking, wanted, about)
  if ((answer.status === 404 || answer.status === 405) && second !== undefined) {
    answer = await second(asking, wanted, about)
  }
  if (answer.status !== 200) throw tokenError(answer, wanted.realm, asked)
  return parseToken(answer, wanted.realm)
}

type Way = (asking: Asking, wanted: TokenWanted, about: Pick<Question, 'newGuard' | 'signal'>) => Promise<ApiAnswer>

const headers = [['Accept', 'application/json']] as const

const askByGet: Way = (asking, { realm, service, scope, credentials }, about) => {
  const url = new URL(realm)
  if (service !== null) url.searchParams.set('service', service)
  for (const one of scopesOf(scope)) url.searchParams.append('scope', one)
  return askFor(asking, { ...about, url, headers, maxBytes, authorization: basicOf(credentials) })
}

const askByForm: Way = (asking, { realm, service, scope, credentials }, about) => {
  const form = new URLSearchParams()
  if (credentials?.kind === 'identity') {
    form.set('grant_type', 'refresh_token')
    form.set('refresh_token', credentials.token)
  } else if (credentials?.kind === 'password') {
    form.set('grant_type', 'password')
    form.set('username', credentials.username)
    form.set('password', credentials.password)
  }
  form.set('client_id', clientId)
  if (service !== null) form.set('service', service)
  form.set('scope', scope)
  return postForm(asking, form, { ...about, url: realm, headers, maxBytes })
}

function basicOf(credentials: Credentials | null): string | null {
  if (credentials?.kind === 'password') return basicAuthorization(credentials.username, credentials.password)
  if (credentials?.kind === 'identity') return basicAuthorization(credentials.username || tokenUser, credentials.token)
  return null
}

const scopesOf = (scope: string): string[] => scope.split(' ').filter((one) => one !== '')

function parseToken(answer: ApiAnswer, realm: URL): RegistryToken {
  const json = parseObject(answer.body.toString('utf8'))
  const value = [json.get('token'), json.get('access_token')].find((one) => typeof one === 'string' && one !== '')
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new SluiceError('bad-response', `The token server ${realm.host} sent no token.`, {
      hint: 'Ask whoever runs the registry.',
      retry: 'never',
    })
  }
  const seconds = Number(json.get('expires_in') ?? defaultLifetime)
  return { value, lifetime: seconds > 0 && Number.isFinite(seconds) ? seconds : defaultLifetime }
}

function parseObject(text: string): ReadonlyMap<string, unknown> {
  try {
    const json: unknown = JSON.parse(text)
    return new Map(typeof json === 'object' && json !== null ? Object.entries(json) : [])
  } catch {
    // What is no JSON has no token either, and its words could hold one.
    return new Map()
  }
}
