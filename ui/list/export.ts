import type { Download } from '../../src/server/api-types.ts'
import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'
import type { View } from '../state/address.ts'
import { historyQuery } from '../state/list-query.ts'
import { linksFile } from './links-file.ts'

const pageSize = 1000

/** The selected downloads as a file: addresses to read, or what another daemon takes in. */
export async function exportLinks(ids: readonly string[], format: 'text' | 'json'): Promise<void> {
  await saved(async () => {
    const file = linksFile(await downloadsOf(ids), format)
    save([file.text], file.type, file.name)
  })
}

export async function exportQueue(format: 'text' | 'json'): Promise<void> {
  await saved(async () => {
    const type = format === 'json' ? 'application/json' : 'text/plain'
    save([await client.exportQueue(format)], type, `sluice-queue.${format === 'json' ? 'json' : 'txt'}`)
  })
}

/** All entries that the view shows, read by the client, so that it works with a token too. */
export async function exportHistory(view: View, format: 'csv' | 'json'): Promise<void> {
  await saved(async () => {
    const pieces: string[] = []
    for await (const piece of client.exportHistory(format, historyQuery(view))) pieces.push(piece)
    save(pieces, format === 'json' ? 'application/json' : 'text/csv', `sluice-history.${format}`)
  })
}

async function saved(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    toast({ kind: 'error', text: t('list.exportFailed', { reason: errorText(asSluiceError(error)).text }) })
  }
}

/** In the order of the queue; those that are gone meanwhile are left out. */
async function downloadsOf(ids: readonly string[]): Promise<Download[]> {
  const wanted = new Set(ids)
  const found: Download[] = []
  for (let offset = 0; found.length < wanted.size; offset += pageSize) {
    const { downloads, total } = await client.list({ sort: 'queue', limit: pageSize, offset })
    found.push(...downloads.filter(({ id }) => wanted.has(id)))
    if (offset + pageSize >= total) break
  }
  return found
}

function save(parts: string[], type: string, name: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
