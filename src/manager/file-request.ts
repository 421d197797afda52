import { z } from 'zod'
import type { Settings } from '../config/settings.ts'
import { parseChecksum } from '../core/digest.ts'
import type { StoredOptions } from '../store/types.ts'
import type { FileOptions, FileRequest } from '../transfer/types.ts'
import type { CheckedRequest } from './check-request.ts'
import type { Hidden } from './checked-reference.ts'
import type { Entry } from './entry.ts'
import type { Secrets } from './secrets.ts'

const hiddenSchema = z.object({
  reference: z.string().exactOptional(),
  mirrors: z.array(z.string()).exactOptional(),
  referer: z.string().exactOptional(),
  headers: z.record(z.string(), z.string()).exactOptional(),
})

/** What is sealed of a download; a `usage` error when the key is another one. */
export function hiddenOfEntry({ id, row }: Entry, secrets: Secrets): Hidden {
  return row.secret === null ? {} : hiddenSchema.parse(secrets.open(id, row.secret))
}

/** What the engine is asked for, credentials included: not for printing. */
export function fileRequest(entry: Entry, hidden: Hidden, dir: string, settings: Settings): FileRequest {
  const { id, row, startOver } = entry
  const { chosenName, reference, options } = row
  const request = requestOf({ reference, chosenName, options }, hidden, dir, settings)
  return {
    ...request,
    key: id,
    options: { ...request.options, ...(startOver ? { ifChanged: 'restart' as const } : {}) },
  }
}

/** The same for a request that is only looked at. */
export function requestOf(
  wanted: Pick<CheckedRequest, 'reference' | 'chosenName' | 'options'>,
  hidden: Hidden,
  dir: string,
  settings: Settings,
): FileRequest {
  const { reference, chosenName, options } = wanted
  return {
    reference: hidden.reference ?? reference,
    dir,
    digests: (options.checksums ?? []).map(parseChecksum),
    mirrors: hidden.mirrors ?? options.mirrors ?? [],
    options: fileOptions(options, hidden, settings),
    ...(chosenName === null ? {} : { output: chosenName }),
  }
}

function fileOptions(options: StoredOptions, hidden: Hidden, settings: Settings): FileOptions {
  const connections = options.connections ?? settings.connectionsPerDownload
  const userAgent = options.userAgent ?? settings.userAgent
  const referer = hidden.referer ?? options.referer ?? ''
  const limitRate = options.speedLimit ?? 0
  const nameTemplate = settings.filenameTemplate
  return {
    headers: headersOf(settings, hidden),
    retries: options.retries ?? settings.retries,
    ifExists: options.ifExists ?? settings.ifExists,
    ...(connections === 0 ? {} : { connections }),
    ...(userAgent === '' ? {} : { userAgent }),
    ...(referer === '' ? {} : { referer }),
    ...(limitRate === 0 ? {} : { limitRate }),
    ...(nameTemplate === '' ? {} : { nameTemplate }),
  }
}

function headersOf(settings: Settings, { headers = {} }: Hidden): Array<readonly [string, string]> {
  const own = Object.entries(headers)
  const names = new Set(own.map(([name]) => name.toLowerCase()))
  const defaults = settings.headers.filter(({ name }) => !names.has(name.toLowerCase()))
  return [...defaults.map(({ name, value }) => [name, value] as const), ...own]
}
