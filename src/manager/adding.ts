import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { StoredDownload } from '../store/types.ts'
import { checkRequest } from './check-request.ts'
import type { CheckedRequest } from './check-request.ts'
import { isoTime } from './clock.ts'
import type { Desk } from './desk.ts'
import { createEntry } from './entry.ts'
import type { Entry } from './entry.ts'
import { refuseSharedFolder } from './shared-folder.ts'
import type { Added, AddRequest, BatchResult } from './types.ts'

/** Lets other work in between. */
const piece = 250

export interface Adding {
  add(request: AddRequest): Promise<Added>
  /** `line` of each item is what errors name. */
  addMany(
    items: ReadonlyArray<{ readonly line: number; readonly request: AddRequest }>,
    errors?: BatchResult['errors'],
  ): Promise<BatchResult>
}

/** Takes in new downloads: checked, sealed, kept, then listed. */
export function createAdding(desk: Desk, onAdded: (entries: readonly Entry[]) => void): Adding {
  const { ledger, clock, duplicates, events } = desk

  async function add(request: AddRequest): Promise<Added> {
    const checked = checkRequest(request, desk)
    const dir = await desk.folder.resolve(checked.dir)
    const same = duplicates.find(checked)
    if (same) {
      if (checked.ifDuplicate === 'skip') return { id: same.id, duplicateOf: same.id, skipped: true }
      if (checked.ifDuplicate === 'fail') throw duplicate(same)
    }
    const entry = entryOf(checked, dir)
    refuseSharedFolder(entry.row, ledger.all())
    await take([entry])
    return { id: entry.id, ...(same ? { duplicateOf: same.id } : {}) }
  }

  async function addMany(
    items: ReadonlyArray<{ readonly line: number; readonly request: AddRequest }>,
    errors: BatchResult['errors'] = [],
  ): Promise<BatchResult> {
    const result = {
      added: new Array<string>(),
      errors: [...errors],
      skipped: new Array<BatchResult['skipped'][number]>(),
    }
    const folders = new Map<string, Promise<string>>()
    const resolve = (dir: string): Promise<string> => {
      const known = folders.get(dir) ?? desk.folder.resolve(dir)
      folders.set(dir, known)
      return known
    }
    await events.together(async () => {
      for (let from = 0; from < items.length; from += piece) {
        const fresh: Entry[] = []
        for (const { line, request } of items.slice(from, from + piece)) {
          try {
            const checked = checkRequest(request, desk)
            const dir = await resolve(checked.dir)
            const same = duplicates.find(checked)
            if (same && checked.ifDuplicate === 'fail') throw duplicate(same)
            if (same && checked.ifDuplicate === 'skip') {
              result.skipped.push({ line, id: same.id })
              continue
            }
            const entry = entryOf(checked, dir)
            refuseSharedFolder(entry.row, ledger.all())
            refuseSharedFolder(entry.row, fresh)
            // Also those of the same batch are duplicates of each other.
            duplicates.add(entry)
            fresh.push(entry)
          } catch (thrown) {
            const { code, message } = asSluiceError(thrown)
            result.errors.push({ line, code, message })
          }
        }
        await take(fresh)
        result.added.push(...fresh.map((entry) => entry.id))
        await setImmediate()
      }
    })
    result.errors.sort((a, b) => a.line - b.line)
    return result
  }

  async function take(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return
    for (const entry of entries) duplicates.add(entry)
    try {
      await desk.store.insertDownloads(entries.map((entry) => entry.row))
    } catch (error) {
      for (const entry of entries) duplicates.remove(entry)
      throw error
    }
    ledger.insert(entries)
    onAdded(entries)
  }

  function entryOf(checked: CheckedRequest, dir: string): Entry {
    const id = `dl-${randomBytes(8).toString('hex')}`
    const { hidden } = checked
    const at = isoTime(clock.now())
    const after = checked.kind === 'http' ? 'queued' : 'validating'
    const status = checked.paused ? 'paused' : after
    const row: StoredDownload = {
      id,
      reference: checked.reference,
      url: checked.url,
      filename: checked.filename,
      chosenName: checked.chosenName,
      dir,
      path: '',
      kind: checked.kind,
      host: checked.host,
      status,
      priority: checked.priority,
      position: ledger.last(),
      bytesDone: 0,
      bytesTotal: null,
      activeSeconds: 0,
      retries: 0,
      verdict: null,
      digests: {},
      error: null,
      addedAt: at,
      startedAt: null,
      completedAt: null,
      startAt: checked.startAt,
      retryAt: null,
      autoRetries: 0,
      options: checked.options,
      timeline: [...new Set(['created', 'validating', status])].map((event) => ({ at, event })),
      secret: hidden === null ? null : desk.secrets.seal(id, hidden),
      files: [],
    }
    return createEntry(row, checked.fingerprint)
  }

  return { add, addMany }
}

function duplicate(same: Entry): SluiceError {
  return new SluiceError('duplicate', `A download of the same file is listed already: ${same.id}.`)
}
