import { homedir } from 'node:os'
import type { Settings } from '../config/resolve.ts'
import { libraryCacheFolder } from '../libraries/cache/cache-folder.ts'

/** Folder for libraries of llama.cpp: flag, then the environment with SLUICE_CACHE_DIR, then the configuration file. */
export function libraryFolder(
  settings: Settings<'cache-dir'>,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const given = settings.text('cache-dir')
  const place = settings.isFromFile('cache-dir') ? { config: given } : { flag: given }
  return libraryCacheFolder({ ...place, env, platform: process.platform, home: env['HOME'] || homedir() })
}
