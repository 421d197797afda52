import { z } from 'zod'

const plainText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\0-\x1f\x7f]*$/, 'text without control characters')

/**
 * What a stored request (of a schedule, of an exported queue) may hold: of AddRequest all that is no secret. Shape and
 * ranges only; whether addresses, folders and checksums are good is found out when it is added.
 */
export const requestSchema = z.strictObject({
  reference: plainText(8192),
  kind: z.enum(['http', 'model', 'llama', 'release']).optional(),
  model: z
    .strictObject({
      registry: plainText(8192).exactOptional(),
      platform: plainText(100).exactOptional(),
      concurrency: z.int().min(1).max(32).exactOptional(),
      target: z.enum(['store', 'zip', 'files', 'layout']).exactOptional(),
      keepStaging: z.boolean().exactOptional(),
    })
    .optional(),
  llama: z
    .strictObject({
      version: plainText(64).exactOptional(),
      platforms: z.array(plainText(64)).max(20).exactOptional(),
      variant: plainText(64).exactOptional(),
      strict: z.boolean().exactOptional(),
    })
    .optional(),
  asset: plainText(200).optional(),
  platform: plainText(100).optional(),
  filename: plainText(1000).optional(),
  dir: plainText(4096).optional(),
  priority: z.int().min(1).max(10).optional(),
  retries: z.int().min(0).max(100).optional(),
  checksum: z.union([plainText(200), z.array(plainText(200)).max(10)]).optional(),
  mirrors: z.array(plainText(8192)).max(100).optional(),
  speedLimit: z.int().min(0).max(1e12).optional(),
  connections: z.int().min(1).max(32).optional(),
  paused: z.boolean().optional(),
  ifExists: z.enum(['rename', 'overwrite', 'skip', 'fail']).optional(),
  ifDuplicate: z.enum(['add', 'skip', 'fail']).optional(),
  startAt: z.iso.datetime({ offset: true }).optional(),
  userAgent: plainText(1000).optional(),
  referer: plainText(8192).optional(),
  preset: plainText(100).optional(),
})

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Zod types left-out fields as possibly undefined; here they are absent. */
export function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Present<T>
}
