/** In the order in which they count. */
const variables = ['SLUICE_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN'] as const

export interface FoundToken {
  /** Null without one. */
  readonly token: string | null
  /** Sentences without secrets about what was found and is not used. */
  readonly problems: readonly string[]
}

/**
 * The token for the API, from the environment. It is not shown over plain http, but for a host of this machine or a
 * private network, and not where certificates are not checked.
 */
export function findToken(
  env: Readonly<Record<string, string | undefined>>,
  way: { readonly api: URL; readonly isPrivate: (url: URL) => boolean; readonly insecure: boolean },
): FoundToken {
  const name = variables.find((one) => (env[one]?.trim() ?? '') !== '')
  if (name === undefined) return { token: null, problems: [] }
  const token = env[name]?.trim() ?? ''
  const withheld = (why: string): FoundToken => ({ token: null, problems: [`${name} is not used: ${why}.`] })
  if (!/^[\x21-\x7e]{1,1024}$/.test(token)) return withheld('it contains characters that no token has')
  if (way.api.protocol === 'http:' && !way.isPrivate(way.api))
    return withheld(`${way.api.host} is asked over http, where anybody could read it`)
  if (way.api.protocol === 'https:' && way.insecure) return withheld('certificates are not checked')
  return { token, problems: [] }
}
