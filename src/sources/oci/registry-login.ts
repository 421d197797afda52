import { parseChallenges } from '../../core/auth-challenge.ts'
import type { Challenge } from '../../core/auth-challenge.ts'
import { asSluiceError, SluiceError } from '../../core/errors.ts'
import { judgeRealm } from '../../core/realm-policy.ts'
import type { JudgedRealm } from '../../core/realm-policy.ts'
import type { Authorize } from '../../wire/types.ts'
import type { Asked } from './answer-error.ts'
import type { Asking } from '../ask.ts'
import { orAbort } from '../or-abort.ts'
import { basicAuthorization } from './credentials.ts'
import { findCredentials } from './find-credentials.ts'
import type { FoundCredentials } from './find-credentials.ts'
import type { AddressJudge } from './address-judge.ts'
import { loginName } from './registry-address.ts'
import { getRegistryToken } from './registry-token.ts'
import type { TokenWanted } from './registry-token.ts'
import type { TokenCache } from './token-cache.ts'

export interface LoginOptions {
  readonly asking: Asking
  readonly env: Readonly<Record<string, string | undefined>>
  readonly tokens: TokenCache
  readonly now: () => number
  readonly registry: URL
  readonly repository: string
  /** For people: what is pulled. */
  readonly what: string
  /** Judges addresses, knowing the one that the registry was reached at. */
  readonly addresses: AddressJudge
}

/** One repository's way in. */
export interface RegistryLogin {
  readonly authorize: Authorize
  /** Whether an origin that the registry redirects to may have the same field. */
  mayFollow(url: URL): boolean
  /** What an error says of the login as it stands. */
  asked(): Asked
  /** The error, or `realm-refused` in place of one that came because a login was held back. */
  explain(error: SluiceError): SluiceError
}

/**
 * Logs in at a registry as its challenges ask: nobody is asked for a login before a 401. Bearer comes before Basic. Hugging
 * Face gets HF_TOKEN from the first request on, over https alone.
 */
export function openLogin(options: LoginOptions): RegistryLogin {
  const { addresses, env, now, registry, repository, tokens, what } = options
  const fixed = huggingFaceToken(registry, env)
  /** What the last tokens were asked for, and the value that needs no asking. */
  let wanted: TokenWanted | null = null
  let steady = fixed
  let found: Promise<FoundCredentials> | undefined
  let known: FoundCredentials = { credentials: null, problems: [] }
  let withheldFrom: string | null = null

  async function credentials(signal: AbortSignal | undefined): Promise<FoundCredentials['credentials']> {
    found ??= findCredentials(registry, repository, env)
    known = await orAbort(found, signal)
    return known.credentials
  }

  async function tokenFor(refused: string | null, signal: AbortSignal | undefined): Promise<string | null> {
    const asked = wanted
    if (asked === null) return null
    const { realm, service, scope } = asked
    const user = asked.credentials?.kind === 'bearer' ? '' : JSON.stringify(asked.credentials)
    const key = JSON.stringify([registry.origin, realm.href, service, scope, user])
    const bare = refused?.startsWith('Bearer ') === true ? refused.slice('Bearer '.length) : null
    const about = { newGuard: addresses.guardFromRegistry }
    try {
      const value = await tokens.get(
        key,
        bare,
        (flying) => getRegistryToken(options.asking, asked, { ...about, signal: flying }, login.asked()),
        signal,
      )
      return `Bearer ${value}`
    } catch (error) {
      throw login.explain(asSluiceError(error))
    }
  }

  /** Takes in what a server that refused a request asks for. */
  async function learn(challenges: readonly Challenge[], signal: AbortSignal | undefined): Promise<void> {
    // The realm of Hugging Face is a phrase (RFC 6750): it has no token server.
    const isToken = ({ scheme, params }: Challenge): boolean =>
      scheme === 'bearer' && !(isHuggingFace(registry) && params.get('realm')?.includes('://') === false)
    const bearer = challenges.find(isToken)
    const basic = challenges.some(({ scheme }) => scheme === 'basic')
    const realm = bearer === undefined ? null : realmOf(bearer, basic)
    if (bearer !== undefined && realm !== null) {
      const own = await credentials(signal)
      withheldFrom = own !== null && !realm.mayHaveCredentials ? realm.url.host : null
      steady = own?.kind === 'bearer' ? `Bearer ${own.token}` : null
      wanted = {
        realm: realm.url,
        service: bearer.params.get('service') ?? null,
        scope: bearer.params.get('scope') || `repository:${repository}:pull`,
        credentials: realm.mayHaveCredentials && own?.kind !== 'bearer' ? own : null,
      }
    } else if (basic) {
      const own = await credentials(signal)
      if (own?.kind === 'password') steady = basicAuthorization(own.username, own.password)
      else if (own?.kind === 'bearer') steady = `Bearer ${own.token}`
    }
  }

  /** A challenge for a token may stand beside one for a password; a bad realm is no reason then to give up. */
  function realmOf({ params }: Challenge, orElse: boolean): JudgedRealm | null {
    try {
      return judgeRealm(registry, params.get('realm') ?? '', addresses.isPrivate)
    } catch (error) {
      if (orElse) return null
      throw error
    }
  }

  const login: RegistryLogin = {
    async authorize(refused, signal) {
      if (refused === null) return steady ?? (await tokenFor(null, signal))
      await learn(parseChallenges(refused.challenges), signal)
      if (steady !== null && steady !== refused.value) return steady
      const value = await tokenFor(refused.value, signal)
      return value === refused.value ? null : value
    },
    mayFollow: (url) => fixed !== null && isHuggingFace(url),
    asked: () => ({
      registry,
      what,
      now: now(),
      withLogin: fixed !== null || (known.credentials !== null && withheldFrom === null),
      loginHint: hintFor(registry, known.problems),
    }),
    explain(error) {
      if (withheldFrom === null || (error.code !== 'http-unauthorized' && error.code !== 'http-forbidden')) return error
      return new SluiceError(
        'realm-refused',
        `The registry ${registry.host} asks for the login at ${withheldFrom}, which must not have it; as nobody, ${what} is not to be had.`,
        { cause: error, ...(error.status === undefined ? {} : { status: error.status }) },
      )
    },
  }
  return login
}

const isHuggingFace = ({ protocol, host }: URL): boolean =>
  protocol === 'https:' && (host === 'hf.co' || host === 'huggingface.co')

function huggingFaceToken(registry: URL, env: Readonly<Record<string, string | undefined>>): string | null {
  const token = env['HF_TOKEN']?.trim() ?? ''
  return isHuggingFace(registry) && /^[\x21-\x7e]+$/.test(token) ? `Bearer ${token}` : null
}

function hintFor(registry: URL, problems: readonly string[]): string {
  const how = isHuggingFace(registry)
    ? 'Put a token of Hugging Face into HF_TOKEN.'
    : `Check name and tag; what is private needs a login: docker login${loginName(registry)}.`
  return [how, ...problems].join(' ')
}
