import { SluiceError } from '../core/errors.ts'

type TlsModule = typeof import('node:tls')
type SecureContext = import('node:tls').SecureContext

/** What all TLS connections of one client share. */
export interface TlsSettings {
  readonly module: TlsModule
  readonly context: SecureContext
  readonly insecure: boolean
  readonly sessions: SessionMemory
}

/** The last session of each origin, so that further connections need no full handshake. */
export interface SessionMemory {
  get(origin: string): Buffer | undefined
  set(origin: string, session: Buffer): void
}

/** A session is a few KiB; the oldest is forgotten when there are more origins. */
const MAX_SESSIONS = 64

/**
 * Loads TLS; call it only when an https URL comes, as the module costs memory and time. Node's `ca` option replaces the
 * built-in authorities, hence they are read and extended, and only if there is something to add.
 */
export function loadTls(ca: string | undefined, insecure: boolean): TlsSettings {
  const module = process.getBuiltinModule('node:tls')
  return { module, context: createContext(module, ca), insecure, sessions: createSessionMemory() }
}

function createSessionMemory(): SessionMemory {
  const sessions = new Map<string, Buffer>()
  return {
    get: (origin) => sessions.get(origin),
    set(origin, session) {
      sessions.delete(origin)
      sessions.set(origin, session)
      const [oldest] = sessions.keys()
      if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest)
    },
  }
}

function createContext(module: TlsModule, ca: string | undefined): SecureContext {
  if (ca === undefined) return module.createSecureContext()
  try {
    return module.createSecureContext({ ca: [...module.getCACertificates('default'), ca] })
  } catch (cause) {
    throw new SluiceError('tls', 'The given certificate authorities cannot be read.', {
      hint: 'Check that the file of --cacert holds certificates in PEM form.',
      cause,
    })
  }
}
