import type { Stats } from 'node:fs'
import { isRecord } from '../core/json-record.ts'
import { errorCode } from '../core/disk-error.ts'
import { readSmallFile } from './read-small-file.ts'

/** What a file was when its digest was checked; one that differs in any of it has to be checked again. */
export type Fingerprint = Pick<Stats, 'size' | 'mtimeMs' | 'ino'>

/**
 * Which blobs of a store had their digest when they were last read: `verified.json` in `.sluice`. Only advice: a damaged,
 * foreign or missing file costs another reading, and of two processes that write at once one may lose an entry.
 */
export interface VerifiedBlobs {
  believes(digest: string, file: Fingerprint): Promise<boolean>
  add(digest: string, file: Fingerprint): Promise<void>
  drop(digests: readonly string[]): Promise<void>
}

const largest = 32 * 1024 * 1024
const mostEntries = 100_000
const digestForm = /^sha256:[0-9a-f]{64}$/

/** `write` replaces the file at once as a whole. */
export function openVerifiedBlobs(path: string, write: (bytes: Uint8Array) => Promise<void>): VerifiedBlobs {
  const changes = new Map<string, Fingerprint | null>()
  let entries: Promise<Map<string, Fingerprint>> | null = null
  let waiting: Promise<void> | null = null
  let last: Promise<void> = Promise.resolve()

  /** All changes made before it begins share one writing. */
  function save(): Promise<void> {
    // A failure is told to those who waited for it; the next writing tries those changes again.
    waiting ??= last = last.then(writeChanges, writeChanges)
    return waiting
  }

  async function writeChanges(): Promise<void> {
    waiting = null
    // Read anew, for what another process has added.
    const merged = await read(path)
    const taken = [...changes]
    for (const [digest, file] of taken) {
      merged.delete(digest)
      if (file) merged.set(digest, file)
    }
    const kept = [...merged].slice(-mostEntries)
    entries = Promise.resolve(new Map(kept))
    await write(Buffer.from(`${JSON.stringify({ version: 1, blobs: Object.fromEntries(kept) })}\n`))
    for (const [digest, file] of taken) if (changes.get(digest) === file) changes.delete(digest)
  }

  return {
    async believes(digest, file) {
      entries ??= read(path)
      const changed = changes.get(digest)
      const known = changed === undefined ? (await entries).get(digest) : changed
      return known?.size === file.size && known.mtimeMs === file.mtimeMs && known.ino === file.ino
    },
    add(digest, { size, mtimeMs, ino }) {
      changes.set(digest, { size, mtimeMs, ino })
      return save()
    },
    async drop(digests) {
      entries ??= read(path)
      const known = await entries
      const gone = digests.filter((digest) => known.has(digest) || changes.has(digest))
      for (const digest of gone) changes.set(digest, null)
      if (gone.length > 0) await save()
    },
  }
}

async function read(path: string): Promise<Map<string, Fingerprint>> {
  const entries = new Map<string, Fingerprint>()
  const value = await readJson(path)
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['blobs'])) return entries
  for (const [digest, file] of Object.entries(value['blobs']).slice(0, mostEntries)) {
    if (!digestForm.test(digest) || !isRecord(file)) continue
    const { size, mtimeMs, ino } = file
    if (typeof size === 'number' && typeof mtimeMs === 'number' && typeof ino === 'number')
      entries.set(digest, { size, mtimeMs, ino })
  }
  return entries
}

/** Undefined for what cannot be read or is no JSON. */
async function readJson(path: string): Promise<unknown> {
  try {
    const file = await readSmallFile(path, largest)
    return file ? JSON.parse(file.bytes.toString()) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) !== undefined) return undefined
    throw error
  }
}
