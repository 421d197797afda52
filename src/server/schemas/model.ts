import { z } from 'zod'
import type { ModelList, ModelQuery } from '../../manager/model-types.ts'
import type { AddRequest } from '../../manager/types.ts'
import type { InstalledModel, ModelCheck, PullPreview, RemovedModel, UnzippedModels } from '../api-types.ts'
import { commonFields, formToAdd, modelFields } from './add.ts'
import { verdict } from './download.ts'
import { order, sorting, text, utc } from './fields.ts'

const sorts: Readonly<Record<string, ModelQuery['sort']>> = {
  name: 'name',
  size: 'size',
  date: 'date',
  modifiedAt: 'date',
}

/** What `pull` and its preview take. */
export const pullInput = z
  .strictObject({
    model: text(2000).min(1).meta({ description: 'model, model:tag, namespace/model:tag, host/namespace/model:tag' }),
    ...modelFields,
    zip: z
      .union([z.boolean(), text(1000).min(1)])
      .exactOptional()
      .meta({ description: 'One zip in the folder instead of the store; a text is its name' }),
    ...commonFields,
  })
  .refine(({ zip, target }) => zip === undefined || zip === false || target === undefined || target === 'zip', {
    path: ['zip'],
    message: 'It differs from target; give one of both',
  })
  .meta({ id: 'PullInput' })
  .transform(({ model, registry, platform, concurrency, target, keepStaging, zip, startAt, ...rest }): AddRequest => ({
    ...rest,
    reference: model,
    kind: 'model',
    model: {
      ...(registry === undefined ? {} : { registry }),
      ...(platform === undefined ? {} : { platform }),
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(keepStaging === undefined ? {} : { keepStaging }),
      ...(zip === undefined || zip === false ? (target === undefined ? {} : { target }) : { target: 'zip' }),
    },
    ...(typeof zip === 'string' ? { filename: zip } : {}),
    ...(startAt === undefined ? {} : { startAt: utc(startAt) }),
  }))

/** In a form `zip` is a tick or the name of the file. */
export function formToPull(form: ReadonlyArray<readonly [string, string]>): unknown {
  const fields = formToAdd(form)
  const { zip } = fields
  if (typeof zip !== 'string' || !/^(?:true|1|on|yes|false|0|off|no)$/i.test(zip)) return fields
  return { ...fields, zip: /^(?:true|1|on|yes)$/i.test(zip) }
}

export const modelQuery = z
  .object({
    search: text(1000).exactOptional().meta({ description: 'Part of the name, the family or the quantization' }),
    sort: sorting(sorts, 'name'),
    order: order.exactOptional(),
  })
  .transform(({ search, sort, order: direction }): ModelQuery => ({
    ...(search === undefined ? {} : { search }),
    sort: sorts[sort.replace(/^-/, '')] ?? 'name',
    descending: direction === undefined ? sort.startsWith('-') : direction === 'desc',
  }))

const bytes = z.number().meta({ description: 'Bytes' })
const digest = z.string().meta({ description: 'sha256: and hex' })

const listed = {
  name: z.string().meta({ description: 'As ollama shows it' }),
  fullName: z.string(),
  id: z.string().meta({ description: 'SHA-256 of the manifest' }),
  size: bytes,
  modifiedAt: z.string().meta({ format: 'date-time', description: 'ISO 8601 UTC' }),
  manifestPath: z.string(),
  family: z.string().nullable(),
  parameters: z.string().nullable(),
  quantization: z.string().nullable(),
  missing: z.array(digest).readonly().meta({ description: 'Blobs that are not there or have another size' }),
}

export const modelList: z.ZodType<ModelList> = z
  .strictObject({
    models: z.array(z.strictObject(listed).meta({ id: 'Model' })).readonly(),
    dir: z.string().meta({ description: 'Folder of the store' }),
    total: z.number().meta({ description: 'How many match' }),
    size: bytes.meta({ description: 'Bytes that those take together; what several use counts once' }),
  })
  .meta({ id: 'ModelList' })

export const installedModel: z.ZodType<InstalledModel> = z
  .strictObject({
    ...listed,
    blobs: z.array(z.strictObject({ digest, size: bytes, mediaType: z.string() })).readonly(),
  })
  .meta({ id: 'ModelDetail' })

export const modelCheck: z.ZodType<ModelCheck> = z
  .strictObject({
    name: z.string(),
    verdict: z.enum(['verified', 'damaged']),
    problems: z.array(z.strictObject({ digest, problem: z.enum(['missing', 'size', 'digest']) })).readonly(),
  })
  .meta({ id: 'ModelCheck' })

export const removedModel: z.ZodType<RemovedModel> = z
  .strictObject({ name: z.string(), blobs: z.number(), bytes })
  .meta({ id: 'RemovedModel', description: 'What was freed' })

export const unzipInput = z.strictObject({
  file: text(4096).min(1).meta({ description: "Path of a zip below the daemon's folder" }),
})

export const unzippedModels: z.ZodType<UnzippedModels> = z
  .strictObject({
    models: z.array(z.string()).readonly(),
    target: z.string().meta({ description: 'Folder of the store' }),
    blobs: z.number().meta({ description: 'Written ones; what was there before is not among them' }),
    bytes,
  })
  .meta({ id: 'UnzippedModels' })

const folder = z.strictObject({ kind: z.enum(['store', 'files', 'layout']), dir: z.string() })
const file = z.strictObject({ kind: z.literal('zip'), path: z.string() })

export const pullPreview: z.ZodType<PullPreview> = z
  .strictObject({
    name: z.string(),
    manifestDigest: digest,
    platform: z
      .strictObject({ os: z.string(), architecture: z.string(), variant: z.string().exactOptional() })
      .nullable()
      .meta({ description: 'Null where there was no choice' }),
    target: z.union([folder, file]),
    bytesTotal: bytes,
    bytesHere: bytes,
    bytesMissing: bytes,
    freeSpace: bytes.nullable().meta({ description: 'Bytes free at the target, null where it cannot be told' }),
    files: z
      .array(
        z.strictObject({
          title: z.string(),
          path: z.string(),
          digest,
          mediaType: z.string(),
          bytesDone: bytes,
          bytesTotal: bytes,
          status: z.enum(['queued', 'active', 'completed', 'error']),
          verdict,
          alreadyThere: z.boolean(),
          url: z.string(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'PullPreview' })
