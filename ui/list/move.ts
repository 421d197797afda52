import type { Download } from '../../src/server/api-types.ts'
import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { actions } from '../state/actions.ts'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { announce, toast } from '../state/toasts.ts'
import { dropPlace, stepPlace } from './drop-place.ts'
import type { DropPlace, Peer } from './drop-place.ts'

type Moved = Pick<Download, 'id' | 'filename' | 'priority'>

const pageSize = 1000

/** One step up or down among those of the same priority. */
export async function moveBy(download: Moved, step: -1 | 1): Promise<void> {
  await move(download, (queue) => stepPlace(queue, download.id, step), [download.id])
}

/** Before or behind another one, with its priority where they lie apart. */
export async function moveBeside(
  download: Moved,
  target: { readonly id: string; readonly side: 'before' | 'behind' },
): Promise<void> {
  await move(download, (queue) => dropPlace(queue, download.id, target), [download.id, target.id])
}

async function move(download: Moved, find: (queue: readonly Peer[]) => DropPlace | null, needed: readonly string[]) {
  const { id, filename: name } = download
  try {
    const place = find(await queueUntil(needed))
    if (place === null) return announce(t('list.movedEnd', { name }))
    if (place.priority !== download.priority) await actions.priority([id], place.priority)
    await actions.move([id], place.place)
    announce(t(place.priority === download.priority ? 'list.moved' : 'list.movedPriority', { name, ...place }))
  } catch (error) {
    toast({ kind: 'error', text: t('list.moveFailed', { reason: errorText(asSluiceError(error)).text }) })
  }
}

/** The queue from its start to the row behind the last one needed: places are counted from there, also unseen ones. */
async function queueUntil(needed: readonly string[]): Promise<Peer[]> {
  const queue: Peer[] = []
  const missing = new Set(needed)
  for (;;) {
    const filter = {
      status: ['queued', 'active', 'paused'],
      sort: 'queue',
      offset: queue.length,
      limit: pageSize,
    } as const
    const { downloads, total } = await client.list(filter)
    const isNeeded = missing.size > 0
    for (const { id, priority } of downloads) {
      queue.push({ id, priority })
      missing.delete(id)
    }
    // One page more than needed, for the neighbour behind the last one.
    if (!isNeeded || downloads.length === 0 || queue.length >= total) return queue
  }
}
