import { asSluiceError, SluiceError } from './errors.ts'
import { hostFault } from './name-part.ts'
import { parseHttpUrl } from './url.ts'

export interface Registry {
  readonly scheme: 'https' | 'http'
  /** With its port, unless that is the scheme's own. */
  readonly host: string
}

const hint = 'Write it as https://registry.example.org or http://127.0.0.1:5000.'

/**
 * Reads the base URL of a registry: scheme and host, and at most `/` or `/v2/` after them. All else is a `usage` error,
 * which never shows a password.
 */
export function parseRegistry(text: string): Registry {
  if (text === '') throw usage('The address of the registry is empty.')
  if (text.includes('@'))
    throw usage('The address of a registry holds no user and no password; those come from docker login.')
  if (/[?#]/.test(text)) throw usage('The address of a registry has no "?" and no "#".')
  const url = parse(text)
  if (!/^\/(?:v2\/?)?$/.test(url.pathname))
    throw usage('The address of a registry ends after the host; a path belongs into the name of the model.')
  const fault = hostFault(url.host)
  if (fault !== null) throw usage(fault)
  return { scheme: url.protocol === 'http:' ? 'http' : 'https', host: url.host }
}

function parse(text: string): URL {
  try {
    return parseHttpUrl(text).url
  } catch (error) {
    throw usage(`The address of the registry: ${asSluiceError(error).message}`)
  }
}

function usage(message: string): SluiceError {
  return new SluiceError('usage', message, { hint })
}
