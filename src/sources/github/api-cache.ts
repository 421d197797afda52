import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../../core/disk-error.ts'
import { field, isRecord } from '../../core/json-record.ts'

const { createHash } = process.getBuiltinModule('node:crypto')

/** An answer of the API that was good when it came. */
export interface KeptAnswer {
  readonly etag: string
  /** Its Link field. */
  readonly link: string | null
  readonly body: string
  /** When the API last said that it is right, in milliseconds since 1970. */
  readonly savedAt: number
}

/** Answers by address and by who asked. A damaged one is none. */
export interface ApiCache {
  read(url: URL, token: string | null): Promise<KeptAnswer | null>
  /** Writing may fail: the error is given back, as nothing depends on it. */
  write(url: URL, token: string | null, answer: KeptAnswer): Promise<Error | null>
}

const mostFiles = 200
const mostBytes = 64 * 1024 * 1024
const maxFileBytes = 20 * 1024 * 1024
/** Milliseconds after which a file that was never given its name is left over. */
const leftover = 3600 * 1000

export const noCache: ApiCache = { read: () => Promise.resolve(null), write: () => Promise.resolve(null) }

/** Keeps answers in `dir`/api: at most 200, and 64 MiB, the last used ones. No token is in there. */
export function openApiCache(dir: string): ApiCache {
  const folder = join(dir, 'api')
  const pathOf = (key: string): string => join(folder, `${key}.json`)
  return {
    async read(url, token) {
      const key = keyOf(url, token)
      try {
        const path = pathOf(key)
        if ((await stat(path)).size > maxFileBytes) return null
        return parse(await readFile(path, 'utf8'), key)
      } catch {
        // Missing or damaged, it only costs a download.
        return null
      }
    },
    async write(url, token, answer) {
      const key = keyOf(url, token)
      const temporary = join(folder, `.${key}.${process.pid}.${randomBytes(4).toString('hex')}`)
      try {
        await makeFolder(folder)
        const text = JSON.stringify({ version: 1, key, url: url.href, ...answer })
        await writeFile(temporary, text, { mode: 0o600, flag: 'wx' })
        await utimes(temporary, answer.savedAt / 1000, answer.savedAt / 1000)
        await rename(temporary, pathOf(key))
        await sweep(folder, answer.savedAt)
        return null
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined)
        return error instanceof Error ? error : new Error(String(error))
      }
    },
  }
}

/** Level by level: Node's own `recursive` never comes back where a file system such as /proc takes no folders. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    const code = errorCode(error)
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await mkdir(path, { mode: 0o700 })
  }
}

function keyOf(url: URL, token: string | null): string {
  const who = token === null ? '' : createHash('sha256').update(token).digest('hex')
  return createHash('sha256').update(`${url.href}\n${who}`).digest('hex').slice(0, 40)
}

function parse(text: string, key: string): KeptAnswer | null {
  const json: unknown = JSON.parse(text)
  if (!isRecord(json) || field(json, 'version') !== 1 || field(json, 'key') !== key) return null
  const [etag, link, body, savedAt] = ['etag', 'link', 'body', 'savedAt'].map((name) => field(json, name))
  if (typeof etag !== 'string' || typeof body !== 'string' || typeof savedAt !== 'number') return null
  return { etag, link: typeof link === 'string' ? link : null, body, savedAt }
}

/** Removes the oldest files beyond the limits, and what another process left unfinished. */
async function sweep(folder: string, now: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder))
      .filter((name) => /^\.?[0-9a-f]{40}\./.test(name))
      .map(async (name) => {
        // Another process may have removed it meanwhile.
        const { mtimeMs = 0, size = 0 } = (await stat(join(folder, name)).catch(() => null)) ?? {}
        return { name, mtimeMs, size, unfinished: name.startsWith('.') }
      }),
  )
  let bytes = 0
  const kept = files.filter(({ unfinished }) => !unfinished).sort((a, b) => b.mtimeMs - a.mtimeMs)
  const excess = kept.filter(({ size }, index) => (bytes += size) > mostBytes || index >= mostFiles)
  const old = files.filter(({ mtimeMs, unfinished }) => unfinished && now - mtimeMs > leftover)
  await Promise.all([...excess, ...old].map(({ name }) => rm(join(folder, name), { force: true })))
}
