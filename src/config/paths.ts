import { join } from 'node:path'

export interface Paths {
  /** What is remembered between runs: hosts, finished files, history. */
  readonly data: string
  /** The configuration file. */
  readonly config: string
  /** What may be deleted at any time. */
  readonly cache: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where Sluice keeps its own files, by the customs of each system (XDG base directories on Linux). Variables of the
 * environment win: SLUICE_DATA_DIR, SLUICE_CACHE_DIR (folders) and SLUICE_CONFIG (a file). Nothing is created.
 */
export function ownPaths(env: Environment, platform: NodeJS.Platform = process.platform): Paths {
  const home = homeOf(env)
  const folders = platform === 'win32' ? windows(env, home) : platform === 'darwin' ? mac(home) : xdg(env, home)
  return {
    data: inHome(env['SLUICE_DATA_DIR'] || folders.data, env),
    config: inHome(env['SLUICE_CONFIG'] || join(folders.config, 'config.toml'), env),
    cache: inHome(env['SLUICE_CACHE_DIR'] || folders.cache, env),
  }
}

/**
 * The path with the home folder for `~` or `~/` at its beginning: shells do not see what stands behind `--dir=`, in a list
 * or in a file. `./~` is the folder of that name.
 */
export function inHome(path: string, env: Environment): string {
  return /^~(\/|$)/.test(path) ? join(homeOf(env), path.slice(1)) : path
}

function homeOf(env: Environment): string {
  return env['HOME'] || process.getBuiltinModule('node:os').homedir()
}

function xdg(env: Environment, home: string): Paths {
  // The XDG specification tells to ignore relative paths.
  const base = (name: string, ...usual: string[]): string => {
    const value = env[name]
    return join(value?.startsWith('/') ? value : join(home, ...usual), 'sluice')
  }
  return {
    data: base('XDG_DATA_HOME', '.local', 'share'),
    config: base('XDG_CONFIG_HOME', '.config'),
    cache: base('XDG_CACHE_HOME', '.cache'),
  }
}

function mac(home: string): Paths {
  const library = join(home, 'Library')
  return {
    data: join(library, 'Application Support', 'sluice'),
    config: join(library, 'Preferences', 'sluice'),
    cache: join(library, 'Caches', 'sluice'),
  }
}

function windows(env: Environment, home: string): Paths {
  const local = env['LOCALAPPDATA'] || join(home, 'AppData', 'Local')
  const roaming = env['APPDATA'] || join(home, 'AppData', 'Roaming')
  return {
    data: join(local, 'sluice', 'Data'),
    config: join(roaming, 'sluice', 'Config'),
    cache: join(local, 'sluice', 'Cache'),
  }
}
