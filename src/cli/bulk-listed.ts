import type { Client } from '../client/client.ts'
import type { BulkAction, BulkResult } from '../server/api-types.ts'

/** Downloads in one request. */
const piece = 1000

/** Does one thing to every listed download that is in one of these states, or, without any, to every one. */
export async function bulkOnListed(
  daemon: Client,
  action: BulkAction,
  status: readonly string[],
  deleteFile = false,
): Promise<BulkResult> {
  const ids = await listedIds(daemon, status)
  const results: BulkResult[] = []
  for (let start = 0; start < ids.length; start += piece)
    results.push(await daemon.bulk(action, ids.slice(start, start + piece), { deleteFile }))
  return { done: results.flatMap(({ done }) => done), failed: results.flatMap(({ failed }) => failed) }
}

/** All of them are known before the first is changed: after that pages would move. */
async function listedIds(daemon: Client, status: readonly string[]): Promise<string[]> {
  const ids = new Set<string>()
  for (let offset = 0; ; offset += piece) {
    const { downloads } = await daemon.list({ status, limit: piece, offset })
    for (const { id } of downloads) ids.add(id)
    if (downloads.length < piece) return [...ids]
  }
}
