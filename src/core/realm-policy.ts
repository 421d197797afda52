import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'

export interface JudgedRealm {
  readonly url: URL
  /** False: only anonymous tokens may be asked for there. */
  readonly mayHaveCredentials: boolean
}

const maxLength = 8192

/** Token servers under another domain than their registry. */
const aliases: ReadonlyMap<string, readonly string[]> = new Map([
  ['hf.co', ['huggingface.co']],
  ['huggingface.co', ['hf.co']],
  ['registry.ollama.ai', ['ollama.com']],
  ['registry-1.docker.io', ['auth.docker.io']],
  ['registry.hub.docker.com', ['auth.docker.io']],
])

/** Domains below which each customer has names of his own: there only the very same host is trusted. */
const sharedDomains: readonly string[] = [
  ...['azurecr.io', 'azurewebsites.net', 'azurecontainerapps.io', 'cloudapp.net', 'cloudapp.azure.com', 'windows.net'],
  ...['pkg.dev', 'gcr.io', 'run.app', 'web.app', 'appspot.com', 'firebaseapp.com', 'googleusercontent.com'],
  ...['amazonaws.com', 'awsapprunner.com', 'cloudfront.net', 'elasticbeanstalk.com', 'on.aws'],
  ...[
    'github.io',
    'githubusercontent.com',
    'gitlab.io',
    'gitpod.io',
    'github.dev',
    'hf.space',
    'pages.dev',
    'workers.dev',
  ],
  ...['vercel.app', 'netlify.app', 'herokuapp.com', 'fly.dev', 'onrender.com', 'railway.app', 'ondigitalocean.app'],
  ...['ngrok.io', 'ngrok.app', 'ngrok-free.app', 'trycloudflare.com', 'loca.lt', 'ts.net', 'nip.io', 'sslip.io'],
  ...['duckdns.org', 'dyndns.org', 'no-ip.org', 'ddns.net', 'hopto.org', 'myfritz.net', 'synology.me'],
]

/** Second levels of country domains that are sold like top levels: `example.co.uk`, `example.com.au`. */
const soldSecondLevel = /^(?:.{1,3}|info|name|asso|gouv|govt|priv|firm|store|school|ltda|corp)$/

/**
 * Decides about the token server that a registry names in its challenge. `isPrivate` tells whether a host of an address is
 * known to be none of the public internet; for the registry's own it may know more than the text says.
 *
 * Throws `realm-refused` for no realm or no http(s) address, http though the registry speaks https, and a private host
 * unless the registry's is one. Credentials may go to the same host (at any port: the registry itself could ask for them)
 * and to other hosts of the same registrable domain or on the list of aliases. As no list of public suffixes is at hand,
 * that domain is guessed with care: two labels, three where the second is sold like a top level, none below domains that
 * are known to be shared by strangers, none for addresses and single labels.
 */
export function judgeRealm(registry: URL, realm: string, isPrivate: (url: URL) => boolean): JudgedRealm {
  if (realm.trim() === '') {
    throw new SluiceError('realm-refused', `The registry sent no token endpoint: ${registry.host} wants a token.`, {
      hint: 'Whoever runs the registry has to give it a realm.',
    })
  }
  const url = /[\s\\\u0000-\u001f\u007f]/.test(realm) || realm.length > maxLength ? null : URL.parse(realm)
  if (url === null || !/^https?:$/.test(url.protocol) || url.port === '0') {
    throw refused(registry, `"${excerpt(realm)}", which is no address that could be asked`)
  }
  url.username = ''
  url.password = ''
  url.hash = ''
  if (url.protocol === 'http:' && registry.protocol === 'https:') {
    throw refused(registry, `${url.host} without encryption, though it speaks https itself`)
  }
  if (isPrivate(url) && !isPrivate(registry)) throw refused(registry, `${url.host}, which is a private address`)
  return { url, mayHaveCredentials: belongTogether(hostOf(registry), hostOf(url)) }
}

function refused({ host }: URL, where: string): SluiceError {
  return new SluiceError('realm-refused', `The registry ${host} sends for a token to ${where}.`)
}

const hostOf = (url: URL): string => url.hostname.replace(/\.$/, '')

function belongTogether(registry: string, realm: string): boolean {
  if (registry === realm || aliases.get(registry)?.includes(realm) === true) return true
  const domain = registrableDomain(registry)
  return domain !== null && domain === registrableDomain(realm)
}

/** Null where it cannot be told. */
function registrableDomain(host: string): string | null {
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return null
  if (sharedDomains.some((domain) => host === domain || host.endsWith(`.${domain}`))) return null
  const labels = host.split('.')
  const [second = '', top = ''] = labels.slice(-2)
  const count = top.length === 2 && soldSecondLevel.test(second) ? 3 : 2
  return labels.length < count ? null : labels.slice(-count).join('.')
}
