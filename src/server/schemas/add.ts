import { z } from 'zod'
import { isBareName } from '../../core/bare-name.ts'
import type { MoveFileRequest } from '../../manager/move-types.ts'
import type { AddRequest } from '../../manager/types.ts'
import { moment, text, utc } from './fields.ts'
import { formFields } from './form.ts'
import type { Form } from './form.ts'

const reference = z.string().trim().min(1).max(16_384)
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

const platforms = z.array(text(64).min(1)).max(20)

/** What may be asked for of libraries of llama.cpp. */
export const llamaFields = {
  version: text(64).exactOptional().meta({ description: 'latest (default), nightly, b6089, v0.6.0' }),
  platforms: z
    .union([
      platforms,
      text(2000)
        .transform((list) => list.split(/[\s,]+/).filter((one) => one !== ''))
        .pipe(platforms),
    ])
    .exactOptional()
    .meta({
      description:
        "linux, darwin or windows with amd64 or arm64: linux/amd64; all; also as one text with commas. Default: the daemon's machine",
    }),
  variant: text(64).exactOptional().meta({ description: 'auto (default), all, cpu, cuda, cuda-12.8, vulkan ...' }),
  strict: z.boolean().exactOptional().meta({ description: 'Refuse archives whose digest nobody tells' }),
}

const fields = {
  ...commonFields,
  url: reference.exactOptional().meta({
    description: 'Address of the file, name of a model with its tag, llama.cpp@VERSION, or a release: owner/repo@tag',
  }),
  reference: reference.exactOptional().meta({ description: 'As url; a model or a release may stand without its tag' }),
  kind: z
    .enum(['http', 'model', 'llama', 'release'])
    .exactOptional()
    .meta({ description: 'Default: what the reference looks like' }),
  model: z.strictObject(modelFields).exactOptional().meta({ description: 'Of a model only' }),
  llama: z.strictObject(llamaFields).exactOptional().meta({ description: 'Of libraries of llama.cpp only' }),
  asset: text(200)
    .exactOptional()
    .meta({ description: 'Which file of a release: its name, a pattern with * and ?, or /an expression/' }),
  platform: text(100).exactOptional().meta({
    description: "os/arch; which file of a release, where asset does not say it. Default: the daemon's machine",
  }),
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
  .refine(
    // These say that it is meant as a name.
    ({ url = '', kind, model, asset, platform }) =>
      [kind, model, asset, platform].some((one) => one !== undefined) || !isBareName(url),
    { path: ['url'], message: 'A name alone is no address; give a model or a release without its tag as reference' },
  )
  .meta({ id: 'AddRequest' })
  .transform(({ url, reference: given, startAt, ...rest }): AddRequest => ({
    ...rest,
    reference: given ?? url ?? '',
    ...(startAt === undefined ? {} : { startAt: utc(startAt) }),
  }))

/** What `move-file` takes. */
export const moveFile: z.ZodType<MoveFileRequest> = z
  .strictObject({
    dir: text(4096).exactOptional().meta({ description: "Folder below the daemon's; default: where it is" }),
    filename: text(1000).min(1).exactOptional().meta({ description: 'A name, not a path; default: as it is' }),
    ifExists: commonFields.ifExists.meta({ description: 'skip leaves it where it is; default: the setting' }),
  })
  .refine(({ dir, filename }) => dir !== undefined || filename !== undefined, {
    path: ['dir'],
    message: 'Give a folder, a name, or both',
  })

const formKinds = {
  numbers: ['priority', 'retries', 'speedLimit', 'connections', 'concurrency'],
  booleans: ['paused', 'keepStaging', 'strict'],
  lists: ['headers', 'mirrors', 'checksum', 'platforms'],
}

/** Headers of a form are lines of `Name: value`; mirrors and checksums stand one a line, or in several fields. */
export function formToAdd(form: Form): Record<string, unknown> {
  const { headers, ...others } = formFields(form, formKinds)
  return typeof headers === 'object' ? { ...others, headers: Object.fromEntries(headers.map(headerOf)) } : others
}

function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
}
