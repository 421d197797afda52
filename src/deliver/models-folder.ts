import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, posix, win32 } from 'node:path'
import { SluiceError } from '../core/errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface FolderFacts {
  readonly env: Environment
  readonly platform: NodeJS.Platform
  /** Home folder of the user. */
  readonly home: string
  /** Whether this user can see that a path is there. */
  readonly exists: (path: string) => boolean
}

/** Where ollama keeps its models when Linux runs it as a service: the home of the user `ollama`. */
const serviceFolder = '/usr/share/ollama/.ollama/models'

/**
 * The models folder that the ollama of this machine uses: `OLLAMA_MODELS` (white space and quotes around it are no part of
 * it, `~` is the home folder), else `.ollama/models` in the home folder. On Linux the folder of the service comes first
 * when it is there and the user has none of their own: then the service is the ollama that is used here, also by root.
 * That user may be unable to write there and is told so; models in a home folder would be of no use to the service.
 * @throws SluiceError `usage` for a relative `OLLAMA_MODELS`: the daemon and the command may run in different folders
 */
export function modelsFolder({ env, platform, home, exists }: FolderFacts): string {
  const path = platform === 'win32' ? win32 : posix
  const own = path.join(home, '.ollama', 'models')
  const told = (env['OLLAMA_MODELS'] ?? '').trim().replaceAll(/^["']+|["']+$/g, '')
  if (told === '') return platform === 'linux' && !exists(own) && exists(serviceFolder) ? serviceFolder : own
  const folder = /^~(?=$|[/\\])/.test(told) ? path.join(home, told.slice(1)) : told
  if (path.isAbsolute(folder)) return path.normalize(folder)
  throw new SluiceError('usage', `OLLAMA_MODELS is not an absolute path: ${told}`, {
    hint: 'Set it to the whole path of the folder, or use --models-dir.',
  })
}

/** `modelsFolder` of this machine. Nothing is created. */
export function findModelsFolder(env: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  const home = env[platform === 'win32' ? 'USERPROFILE' : 'HOME']
  return modelsFolder({ env, platform, home: home && isAbsolute(home) ? home : homedir(), exists: existsSync })
}
