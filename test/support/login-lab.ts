import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestsAt, manifestText } from './scripted-registry.ts'
import type { Heard, Reply, ScriptedServer } from './scripted-registry.ts'
import { sourceLab } from './source-lab.ts'
import type { SourceLab } from './source-lab.ts'

/** The manifest of `library/m:latest`. */
export const modelText = manifestText('m')
export const manifests = manifestsAt('library/m', { latest: modelText })
/** A login as docker writes it, and as it is shown. */
export const login = { auth: Buffer.from('al:ge:heim').toString('base64') }
export const basic = `Basic ${login.auth}`

/** Registries that want a login, and what gives tokens for them. */
export interface LoginLab extends SourceLab {
  /** A home folder in which docker is logged in. */
  home(auths: Record<string, unknown>): string
  /** A token server that numbers its tokens, where `judge` has no other reply. */
  issuer(
    judge?: (heard: Heard) => Reply | null,
    fields?: Record<string, unknown>,
    name?: 'localhost',
  ): Promise<ScriptedServer>
  /** A registry that gives its manifest to those whose Authorization it accepts, by default numbered tokens. */
  registry(
    challenge: Reply | (() => Reply),
    accepts?: (authorization: string | undefined) => boolean,
  ): Promise<ScriptedServer>
}

export function loginLab(): LoginLab {
  const lab = sourceLab()
  return {
    ...lab,
    home(auths) {
      const folder = lab.folder()
      mkdirSync(join(folder, '.docker'))
      writeFileSync(join(folder, '.docker', 'config.json'), JSON.stringify({ auths }))
      return folder
    },
    issuer(judge = () => null, fields = {}, name) {
      let count = 0
      return lab.serve(
        (heard) => judge(heard) ?? { body: JSON.stringify({ token: `t${++count}`, expires_in: 300, ...fields }) },
        name === undefined ? {} : { name },
      )
    },
    registry(challenge, accepts = (given) => given?.startsWith('Bearer t') === true) {
      return lab.serve((heard) => {
        if (accepts(heard.headers.authorization)) return manifests(heard)
        return typeof challenge === 'function' ? challenge() : challenge
      })
    },
  }
}

/** The reply of a registry that wants a token. */
export function bearer(realm: string, more = ''): Reply {
  return { status: 401, headers: { 'WWW-Authenticate': `Bearer realm="${realm}",service="reg"${more}` } }
}

/** The Authorization fields that a server got. */
export const shown = ({ heard }: ScriptedServer): Array<string | undefined> =>
  heard.map(({ headers }) => headers.authorization)
