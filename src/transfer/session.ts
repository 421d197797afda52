import { basename, join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { rangeSetFrom } from '../core/ranges.ts'
import { shortHash } from '../core/short-hash.ts'
import type { RangeSet } from '../core/ranges.ts'
import type { Validators } from '../core/validators.ts'
import { makeFolder } from './make-folder.ts'
import type { FileRequest } from './types.ts'

const { closeSync, fdatasync, openSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } =
  process.getBuiltinModule('node:fs')
const { promisify } = process.getBuiltinModule('node:util')

const syncLater = promisify(fdatasync)

/** What is needed to go on with a file after any end of the process; docs/formats.md tells of each field. */
export interface Session {
  /** 2 when there is a reserve: who does not know of it would take the part wrongly. */
  readonly version: 1 | 2
  readonly id: string
  /** The URL without user information and secrets, for people who look at the file. */
  readonly reference: string
  /** Name of the part file beside the staging folder. */
  readonly part: string
  /** Name that the file is to get. */
  readonly name: string
  /** Bytes, null when the server did not say. */
  readonly size: number | null
  readonly type: string | null
  readonly validators: Validators
  /** Ranges that are on the disk. */
  readonly done: RangeSet
  /** Bytes in front of the file in the part, which size and ranges do not count; absent for none. */
  readonly reserve?: number
  /** The digest that the whole part was found to have when it did not match, as `algorithm:hex`. */
  readonly found?: string
}

export const stagingName = '.staging'

/** The same for the same URL (credentials apart) and chosen name, so that the same line finds its part again. */
export function sessionId(url: URL, output: string | undefined): string {
  return 'dl-' + shortHash(`${url.href}\n${output ?? ''}`)
}

/** The key that the request has, or the one made from it. Throws `usage` for a key that is no safe name. */
export function referenceId(request: FileRequest, url: URL): string {
  return request.key === undefined ? sessionId(url, request.output) : checkKey(request.key)
}

/** Keys name folders: nothing else than `dl-` and 16 hexadecimal digits is ever let through. */
export function checkKey(key: string): string {
  if (/^dl-[0-9a-f]{16}$/.test(key)) return key
  throw new SluiceError('usage', 'The key of a download is not "dl-" and 16 hexadecimal digits.', {
    hint: 'Leave it out to have one made.',
  })
}

export function sessionFolder(dir: string, id: string): string {
  return join(dir, stagingName, id)
}

/** Null when there is none, or none that can be trusted: a damaged or foreign file never leads to a write. */
export function readSession(folder: string, id: string): Session | null {
  let text: string
  try {
    text = readFileSync(join(folder, 'session.json'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return parseSession(text, id)
}

export function parseSession(text: string, id: string): Session | null {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof data !== 'object' || data === null) return null
  const {
    version,
    reference,
    part,
    name,
    size,
    type,
    validators,
    done,
    reserve,
    found,
    id: own,
  } = data as Record<string, unknown>
  const reserved = Number.isSafeInteger(reserve) && (reserve as number) > 0
  if (!(version === 1 && reserve === undefined) && !(version === 2 && reserved)) return null
  if (own !== id || typeof reference !== 'string' || !isPlainName(part) || !isPlainName(name)) return null
  if (!part.endsWith('.part') || !(size === null || (Number.isSafeInteger(size) && (size as number) >= 0))) return null
  const ranges = rangeSetFrom(done, size === null ? Number.MAX_SAFE_INTEGER : (size as number))
  const marks = (validators ?? {}) as Record<string, unknown>
  if (!ranges || !isTextOrNull(marks['etag']) || !isTextOrNull(marks['lastModified']) || !isTextOrNull(marks['date']))
    return null
  if (!isTextOrNull(type)) return null
  return {
    version: reserved ? 2 : 1,
    id,
    reference,
    part,
    name,
    size: size as number | null,
    type,
    validators: { etag: marks['etag'], lastModified: marks['lastModified'], date: marks['date'] },
    done: ranges,
    ...(reserved ? { reserve: reserve as number } : {}),
    ...(typeof found === 'string' ? { found } : {}),
  }
}

const isPlainName = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  basename(value) === value &&
  !/[\\/\u0000-\u001f\u007f]/.test(value) &&
  value !== '.' &&
  value !== '..'

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'

/** Makes the staging folder of a transfer (only its owner may look inside). */
export function makeSessionFolder(folder: string): void {
  makeFolder(folder, 0o700)
}

/** Writes the first session at once, so that a part file is never without one. */
export function writeSessionNow(folder: string, session: Session): void {
  writeFileSync(join(folder, 'session.json'), JSON.stringify(session), { mode: 0o600 })
}

/** Replaces the session whole: a reader finds the old one or the new one. The caller has synced the bytes it claims. */
export async function replaceSession(folder: string, session: Session, sync: boolean): Promise<void> {
  const fresh = join(folder, 'session.json.new')
  const fd = openSync(fresh, 'w', 0o600)
  try {
    writeFileSync(fd, JSON.stringify(session))
    if (sync) await syncLater(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(fresh, join(folder, 'session.json'))
}

/** Removes the folder and the staging folder around it when that was the last. */
export function removeSession(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  removeIfEmpty(join(folder, '..'))
}

export function removeIfEmpty(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) rmdirSync(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}
