import { dirname, resolve } from 'node:path'
import type { Validators } from '../core/validators.ts'
import { createFinishedRecords } from './finished-records.ts'
import type { FinishedRecords } from './finished-records.ts'
import { makeFolder } from './make-folder.ts'

const { appendFileSync, closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } =
  process.getBuiltinModule('node:fs')

/** What a finished file came from: lets the same line, run again, see that it is already there. */
export interface FinishedFile {
  readonly path: string
  /** Session id of the reference. */
  readonly id: string
  readonly size: number
  readonly mtimeMs: number
  readonly validators: Validators
}

export interface FinishedFiles {
  /** The record of a path, if the file there is still the one that was recorded. */
  find(path: string): FinishedFile | undefined
  /** A record of a session id in a folder whose file is still the one that was recorded, and that is accepted. */
  findById(id: string, dir: string, accept?: (record: FinishedFile) => boolean): FinishedFile | undefined
  /** What was recorded of a path last, whatever is there now. */
  recorded(path: string): FinishedFile | undefined
  add(file: FinishedFile): void
  /** Writes what was added; a failure is given back, nothing else depends on it. */
  save(): Error | null
}

const compactAbove = 20_000
/** What `atOnce` keeps in memory, and the bytes at the end of the file that it reads for that. */
const mostRecent = 10_000
const recentBytes = 4 * 1024 * 1024

/**
 * One line of JSON for each finished file in `path`; the last line of a path holds. With `atOnce` each is written when it
 * is added; what cannot be waits for `save`. Whoever works like that runs for long and asks only for what it finished
 * itself shortly before it was killed, so the newest records are enough: memory does not grow with the file.
 */
export function openFinishedFiles(path: string, atOnce = false): FinishedFiles {
  let known: FinishedRecords | undefined
  let fresh = createFinishedRecords()

  return {
    find(place) {
      const wanted = resolve(place)
      // Looked at first: most names are new, and the records of all files take time and memory.
      const stat = statSync(wanted, { throwIfNoEntry: false })
      if (!stat) return undefined
      const record = recorded(wanted)
      return record && isSame(record, stat) ? record : undefined
    },
    recorded,
    findById(id, dir, accept = () => true) {
      known ??= load(path, atOnce)
      const folder = resolve(dir)
      for (const records of [known, fresh]) {
        for (const record of records.ofId(id))
          if (dirname(record.path) === folder && isThere(record) && accept(record)) return record
      }
      return undefined
    },
    add(file) {
      fresh.put({ ...file, path: resolve(file.path) })
      if (atOnce) save()
    },
    save,
  }

  function recorded(place: string): FinishedFile | undefined {
    known ??= load(path, atOnce)
    const wanted = resolve(place)
    return fresh.get(wanted) ?? known.get(wanted)
  }

  function save(): Error | null {
    if (fresh.size === 0) return null
    try {
      makeFolder(dirname(path), 0o700)
      appendFileSync(path, lines(fresh.values()), { mode: 0o600 })
      if (known) for (const file of fresh.values()) known.put(file)
      fresh = createFinishedRecords()
      return null
    } catch (error) {
      return error as Error
    }
  }
}

function isThere(record: FinishedFile): boolean {
  const stat = statSync(record.path, { throwIfNoEntry: false })
  return stat !== undefined && isSame(record, stat)
}

function isSame(record: FinishedFile, stat: { readonly size: number; readonly mtimeMs: number }): boolean {
  return stat.size === record.size && stat.mtimeMs === record.mtimeMs
}

function lines(files: Iterable<FinishedFile>): string {
  return Array.from(files, (file) => `${JSON.stringify(file)}\n`).join('')
}

function load(path: string, bounded: boolean): FinishedRecords {
  const known = createFinishedRecords(bounded ? mostRecent : Infinity)
  let records: string[]
  try {
    records = (bounded ? readEnd(path) : readFileSync(path, 'utf8')).split('\n')
  } catch {
    return known
  }
  for (const line of records) {
    const file = parse(line)
    if (file) known.put(file)
  }
  if (!bounded && records.length > compactAbove && known.size < records.length / 2) compact(path, known)
  return known
}

/** The last bytes; the line that they begin in is no record then. */
function readEnd(path: string): string {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const bytes = Buffer.alloc(Math.min(size, recentBytes))
    const length = readSync(fd, bytes, 0, bytes.length, size - bytes.length)
    return bytes.toString('utf8', 0, length)
  } finally {
    closeSync(fd)
  }
}

/** Null for a line that was cut off by a crash, or is not ours. */
function parse(line: string): FinishedFile | null {
  if (line === '') return null
  try {
    const file = JSON.parse(line) as FinishedFile
    const { etag, lastModified, date } = file.validators
    const known =
      [file.path, file.id].every((text) => typeof text === 'string') &&
      Number.isSafeInteger(file.size) &&
      typeof file.mtimeMs === 'number'
    return known && [etag, lastModified, date].every((text) => text === null || typeof text === 'string') ? file : null
  } catch {
    return null
  }
}

/** Where that is not possible the file stays as long as it is: it only takes longer to read. */
function compact(path: string, known: FinishedRecords): void {
  try {
    writeFileSync(`${path}.${process.pid}`, lines(known.values()), { mode: 0o600 })
    renameSync(`${path}.${process.pid}`, path)
  } catch {
    return
  }
}
