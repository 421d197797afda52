import { z } from 'zod'
import type { AddRequest } from '../../manager/types.ts'
import { moment, text, utc } from './fields.ts'

const reference = z.string().min(1).max(16_384)
const checksum = text(200).min(1)

const fields = {
  url: reference.exactOptional().meta({ description: 'Address of the file' }),
  reference: reference.exactOptional().meta({ description: 'Another word for url' }),
  filename: text(1000).min(1).exactOptional().meta({ description: 'A name, not a path' }),
  dir: text(4096).exactOptional().meta({ description: "Folder below the daemon's" }),
  priority: z.int().min(1).max(10).exactOptional(),
  retries: z.int().min(0).max(100).exactOptional(),
  headers: z
    .record(z.string().min(1).max(200), z.string().max(16_384))
    .refine((given) => Object.keys(given).length <= 100, 'At most 100 headers')
    .exactOptional()
    .meta({ description: 'For the first server only; kept encrypted' }),
  checksum: z
    .union([checksum, z.array(checksum).min(1).max(10)])
    .exactOptional()
    .meta({ description: 'sha256:HEX, also md5, sha1, sha512' }),
  mirrors: z.array(reference).max(100).exactOptional().meta({ description: 'Further addresses of the same file' }),
  speedLimit: z.int().min(0).max(1e12).exactOptional().meta({ description: 'Bytes per second; 0 is no cap' }),
  connections: z.int().min(1).max(32).exactOptional(),
  paused: z.boolean().exactOptional(),
  ifExists: z.enum(['rename', 'overwrite', 'skip', 'fail']).exactOptional(),
  ifDuplicate: z.enum(['add', 'skip', 'fail']).exactOptional(),
  startAt: moment.exactOptional().meta({ description: 'Not before this time' }),
  userAgent: text(1000).exactOptional(),
  referer: text(8192).exactOptional(),
  preset: text(100).exactOptional().meta({ description: 'Name of a preset of the settings' }),
}

/** What `add`, `preview` and each item of a batch take. */
export const addRequest = z
  .strictObject(fields)
  .refine((given) => given.url !== undefined || given.reference !== undefined, {
    path: ['url'],
    message: 'Give the address of a file',
  })
  .refine((given) => given.url === undefined || given.reference === undefined || given.url === given.reference, {
    path: ['url'],
    message: 'It differs from reference; give one of both',
  })
  .meta({ id: 'AddRequest' })
  .transform(({ url, reference: given, startAt, ...rest }): AddRequest => ({
    ...rest,
    reference: given ?? url ?? '',
    ...(startAt === undefined ? {} : { startAt: utc(startAt) }),
  }))

const numbers = new Set(['priority', 'retries', 'speedLimit', 'connections'])
const lists = new Set(['mirrors', 'checksum'])

/**
 * A form as the object it stands for. Empty fields count as not there; headers are lines of `Name: value`; mirrors and
 * checksums stand one a line, or in several fields.
 */
export function formToAdd(form: ReadonlyArray<readonly [string, string]>): unknown {
  const result = new Map<string, unknown>()
  for (const [name, value] of form) {
    if (value.trim() === '') continue
    if (name === 'headers') result.set(name, headerLines(value))
    else if (lists.has(name)) result.set(name, [...((result.get(name) as string[] | undefined) ?? []), ...lines(value)])
    else if (numbers.has(name)) result.set(name, /^\d{1,15}$/.test(value.trim()) ? Number(value) : value)
    else if (name === 'paused') result.set(name, /^(?:true|1|on|yes)$/i.test(value.trim()))
    else result.set(name, value.trim())
  }
  return Object.fromEntries(result)
}

function headerLines(value: string): Record<string, string> {
  return Object.fromEntries(
    lines(value).map((line) => {
      const colon = line.indexOf(':')
      return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    }),
  )
}

function lines(value: string): string[] {
  return value
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
