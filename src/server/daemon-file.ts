import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Tells the command line where the daemon of a data folder is. Holds no token. */
export interface DaemonFile {
  remove(): Promise<void>
}

/** Writes `daemon.json`: url, pid and startedAt, readable for its owner only. */
export async function writeDaemonFile(dataDir: string, url: string): Promise<DaemonFile> {
  const path = join(dataDir, 'daemon.json')
  const fresh = `${path}.${process.pid}`
  const text = `${JSON.stringify({ url, pid: process.pid, startedAt: new Date().toISOString() })}\n`
  await rm(fresh, { force: true })
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' })
  await rename(fresh, path)
  return {
    async remove() {
      // A later daemon's file stays.
      if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true })
    },
  }
}

/** The address in a data folder's `daemon.json`; undefined where there is none that can be read. */
export async function addressIn(dataDir: string): Promise<string | undefined> {
  try {
    const { url } = JSON.parse(await readFile(join(dataDir, 'daemon.json'), 'utf8')) as { readonly url?: unknown }
    return typeof url === 'string' && URL.canParse(url) ? url : undefined
  } catch {
    // Only words of a hint depend on it.
    return undefined
  }
}
