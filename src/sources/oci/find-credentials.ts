import { homedir } from 'node:os'
import { join } from 'node:path'
import { askHelper } from './credential-helper.ts'
import type { Credentials } from './credentials.ts'
import { helperFor, readDockerConfig, storedLogin } from './docker-config.ts'
import { credentialNames } from './registry-address.ts'
import type { CredentialNames } from './registry-address.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface FoundCredentials {
  /** Null: nobody is logged in there. */
  readonly credentials: Credentials | null
  /** Sentences about files and programs that could not be used; they hold no secrets. */
  readonly problems: readonly string[]
}

/**
 * Looks for a login of a registry where docker, podman and skopeo keep them: the file that REGISTRY_AUTH_FILE names,
 * docker's `config.json` (in DOCKER_CONFIG or `~/.docker`), `containers/auth.json` in XDG_RUNTIME_DIR; the first file that
 * has one counts. In a file a helper program of the host comes before the one for all hosts, and both before what the file
 * itself says. What cannot be read is told and passed over: much of what people pull is public.
 */
export async function findCredentials(registry: URL, repository: string, env: Environment): Promise<FoundCredentials> {
  const names = credentialNames(registry, repository)
  const problems: string[] = []
  for (const path of configPaths(env)) {
    const credentials = await lookInto(path, names, env, (problem) => problems.push(problem))
    if (credentials !== null) return { credentials, problems }
  }
  return { credentials: null, problems }
}

function configPaths(env: Environment): string[] {
  const home = env['HOME'] || env['USERPROFILE'] || homedir()
  const runtime = env['XDG_RUNTIME_DIR']
  return [
    env['REGISTRY_AUTH_FILE'] || null,
    join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json'),
    runtime ? join(runtime, 'containers', 'auth.json') : null,
  ].filter((path) => path !== null)
}

async function lookInto(
  path: string,
  names: CredentialNames,
  env: Environment,
  onProblem: (problem: string) => void,
): Promise<Credentials | null> {
  const told = (error: unknown): null => {
    onProblem(error instanceof Error ? error.message : String(error))
    return null
  }
  const config = await readDockerConfig(path).catch(told)
  if (config === null) return null
  const helper = helperFor(config, names)
  const kept = helper === null ? null : await askHelper(helper, names.server, env).catch(told)
  return kept ?? storedLogin(config, names)
}
