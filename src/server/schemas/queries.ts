import { z } from 'zod'
import { downloadStatuses } from '../../core/download-states.ts'
import type { ListQuery, ListSort } from '../../manager/types.ts'
import type { HistoryQuery, HistorySort } from '../api-types.ts'
import { limit, listOf, moment, noUnlessSaid, offset, order, sorting, text, utc, wholeNumber } from './fields.ts'

const listSorts: Readonly<Record<string, ListSort>> = {
  queue: 'queue',
  name: 'name',
  size: 'size',
  speed: 'speed',
  eta: 'eta',
  date: 'date',
  ended: 'ended',
  status: 'status',
  progress: 'progress',
  host: 'host',
  priority: 'priority',
  verdict: 'verdict',
  filename: 'name',
  bytesTotal: 'size',
  addedAt: 'date',
  completedAt: 'ended',
}

const historySorts: Readonly<Record<string, HistorySort>> = {
  date: 'date',
  name: 'name',
  size: 'size',
  speed: 'speed',
  duration: 'duration',
  status: 'status',
  host: 'host',
  type: 'type',
  filename: 'name',
  fileSize: 'size',
  downloadedAt: 'date',
}

const search = text(1000).exactOptional()
const kind = text(300).exactOptional()
/** As files have it: `ZIP` and `.zip` are zip. */
const type = text(300)
  .toLowerCase()
  .overwrite((value) => value.replace(/^\./, ''))
  .exactOptional()
  .meta({ description: 'Extension of the file' })
const host = text(300)
  .toLowerCase()
  .exactOptional()
  .meta({ description: 'With its port, or without for all its ports' })
const sizes = {
  minSize: wholeNumber(0, Number.MAX_SAFE_INTEGER).exactOptional().meta({ description: 'Bytes' }),
  maxSize: wholeNumber(0, Number.MAX_SAFE_INTEGER).exactOptional().meta({ description: 'Bytes' }),
}

/** The filters of the list of downloads. */
export const listQuery = z
  .object({
    status: listOf(downloadStatuses).exactOptional().meta({ description: 'One or more' }),
    search: search.meta({ description: 'Part of the name, the address or the reference' }),
    type,
    host,
    ...sizes,
    since: moment.exactOptional().meta({ description: 'Added at this time or later' }),
    until: moment.exactOptional().meta({ description: 'Added before this time' }),
    sort: sorting(listSorts, 'queue'),
    order: order.exactOptional(),
    limit: limit(1000, 10_000),
    offset,
  })
  .transform(({ sort, order: direction, since, until, ...rest }): ListQuery => ({
    ...rest,
    ...(since === undefined ? {} : { since: utc(since) }),
    ...(until === undefined ? {} : { until: utc(until) }),
    sort: listSorts[sort.replace(/^-/, '')] ?? 'queue',
    descending: direction === undefined ? sort.startsWith('-') : direction === 'desc',
  }))

const historyFilters = {
  search,
  status: listOf(['completed', 'error', 'cancelled']).exactOptional().meta({ description: 'One or more' }),
  type,
  host,
  kind,
  ...sizes,
  since: moment.exactOptional().meta({ description: 'Ended at this time or later' }),
  until: moment.exactOptional().meta({ description: 'Ended before this time' }),
  sort: sorting(historySorts, '-date'),
  order: order.exactOptional(),
}

export const historyQuery = z
  .object({ ...historyFilters, limit: limit(50, 10_000), offset })
  .transform((given): HistoryQuery => toHistoryQuery(given))

export const historyExport = z
  .object({ ...historyFilters, format: z.enum(['json', 'csv']).default('json'), limit: limit(1e9, 1e9), offset })
  .transform(({ format, ...given }) => ({ format, query: toHistoryQuery(given) }))

export const queueFormat = z.object({ format: z.enum(['json', 'text']).exactOptional() })
export const removal = z.object({ deleteFile: noUnlessSaid.meta({ description: 'Also deletes the file' }) })

type HistoryFilters = z.output<z.ZodObject<typeof historyFilters>> & { limit: number; offset: number }

function toHistoryQuery({ sort, order: direction, since, until, ...rest }: HistoryFilters): HistoryQuery {
  return {
    ...rest,
    ...(since === undefined ? {} : { since: utc(since) }),
    ...(until === undefined ? {} : { until: utc(until) }),
    sort: historySorts[sort.replace(/^-/, '')] ?? 'date',
    descending: direction === undefined ? sort.startsWith('-') : direction === 'desc',
  }
}
