import { posix, win32 } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'

export interface CacheFolderFacts {
  /** Given on the command line; wins over all else. */
  readonly flag?: string | undefined
  /** From the configuration file; the variables of the environment win. */
  readonly config?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly home: string
}

/**
 * Where the libraries of llama.cpp are kept: what was given, as it is; else SLUICE_LLAMA_CACHE_DIR, as it is; else `llama`
 * in SLUICE_CACHE_DIR; else what the configuration says, else `llama` in the cache folder of the system's custom. Empty
 * values count as none. Nothing is created.
 * @throws SluiceError `usage` for a value with a `..` in it
 */
export function libraryCacheFolder({ flag, config, env, platform, home }: CacheFolderFacts): string {
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix
  const exact = flag || env['SLUICE_LLAMA_CACHE_DIR']
  if (exact) return checked(exact)
  const own = env['SLUICE_CACHE_DIR']
  if (own) return join(checked(own), 'llama')
  if (config) return checked(config)
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'sluice', 'llama')
  if (platform === 'win32')
    return join(checked(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local')), 'sluice', 'Cache', 'llama')
  const xdg = env['XDG_CACHE_HOME']
  // The XDG specification tells to ignore relative paths.
  return join(xdg && isAbsolute(xdg) ? checked(xdg) : join(home, '.cache'), 'sluice', 'llama')
}

function checked(path: string): string {
  if (path.split(/[/\\]/).includes('..'))
    throw new SluiceError('usage', `The cache folder "${excerpt(path)}" is refused: path traversal ("..").`, {
      hint: 'Give the folder without ".." in it.',
    })
  if (path.includes('\0')) throw new SluiceError('usage', 'The cache folder has a NUL character in it.')
  return path
}
