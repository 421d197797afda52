import { z } from 'zod'
import type { AddRequest } from '../../manager/types.ts'
import { moment, text, utc } from './fields.ts'

const reference = z.string().min(1).max(16_384)
const checksum = text(200).min(1)

/** What counts for downloads of every kind. */
export const commonFields = {
  dir: text(4096).exactOptional().meta({ description: "Folder below the daemon's" }),
  priority: z.int().min(1).max(10).exactOptional(),
  retries: z.int().min(0).max(100).exactOptional(),
  speedLimit: z.int().min(0).max(1e12).exactOptional().meta({ description: 'Bytes per second; 0 is no cap' }),
  connections: z.int().min(1).max(32).exactOptional().meta({ description: 'For each file at most' }),
  paused: z.boolean().exactOptional(),
  ifExists: z.enum(['rename', 'overwrite', 'skip', 'fail']).exactOptional(),
  ifDuplicate: z.enum(['add', 'skip', 'fail']).exactOptional(),
  startAt: moment.exactOptional().meta({ description: 'Not before this time' }),
  preset: text(100).exactOptional().meta({ description: 'Name of a preset of the settings' }),
}

/** What may be asked for of a model. */
export const modelFields = {
  registry: text(8192).exactOptional().meta({ description: 'Base address of a registry in place of the usual one' }),
  platform: text(100).exactOptional().meta({ description: "os/arch; default linux and the daemon's architecture" }),
  concurrency: z.int().min(1).max(32).exactOptional().meta({ description: 'Blobs at once; default 4' }),
  target: z.enum(['store', 'zip', 'files', 'layout']).exactOptional().meta({
    description: 'What becomes of it; default store, or files for what is no model of ollama',
  }),
  keepStaging: z.boolean().exactOptional().meta({ description: 'Of store and zip only' }),
}

/** What may be asked for of libraries of llama.cpp. */
export const llamaFields = {
  version: text(64).exactOptional().meta({ description: 'latest (default), nightly, b6089, v0.6.0' }),
  platforms: z.array(text(64).min(1)).max(20).exactOptional().meta({
    description: "linux, darwin or windows with amd64 or arm64: linux/amd64; all; default the daemon's machine",
  }),
  variant: text(64).exactOptional().meta({ description: 'auto (default), all, cpu, cuda, cuda-12.8, vulkan ...' }),
  strict: z.boolean().exactOptional().meta({ description: 'Refuse archives whose digest nobody tells' }),
}

const fields = {
  ...commonFields,
  url: reference.exactOptional().meta({ description: 'Address of the file, name of a model, llama.cpp@VERSION' }),
  reference: reference.exactOptional().meta({ description: 'Another word for url' }),
  kind: z
    .enum(['http', 'model', 'llama'])
    .exactOptional()
    .meta({ description: 'Default: what the reference looks like' }),
  model: z.strictObject(modelFields).exactOptional().meta({ description: 'Of a model only' }),
  llama: z.strictObject(llamaFields).exactOptional().meta({ description: 'Of libraries of llama.cpp only' }),
  filename: text(1000).min(1).exactOptional().meta({ description: 'A name, not a path' }),
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
  userAgent: text(1000).exactOptional(),
  referer: text(8192).exactOptional(),
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

const numbers = new Set(['priority', 'retries', 'speedLimit', 'connections', 'concurrency'])
const booleans = new Set(['paused', 'keepStaging', 'strict'])
const lists = new Set(['mirrors', 'checksum'])

/**
 * A form as the object it stands for. Empty fields count as not there; headers are lines of `Name: value`; mirrors and
 * checksums stand one a line, or in several fields.
 */
export function formToAdd(form: ReadonlyArray<readonly [string, string]>): Record<string, unknown> {
  const result = new Map<string, unknown>()
  for (const [name, value] of form) {
    if (value.trim() === '') continue
    if (name === 'headers') result.set(name, headerLines(value))
    else if (lists.has(name)) result.set(name, [...((result.get(name) as string[] | undefined) ?? []), ...lines(value)])
    else if (numbers.has(name)) result.set(name, /^\d{1,15}$/.test(value.trim()) ? Number(value) : value)
    else if (booleans.has(name)) result.set(name, /^(?:true|1|on|yes)$/i.test(value.trim()))
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
