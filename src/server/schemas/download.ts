import { z } from 'zod'
import { downloadStatuses } from '../../core/download-states.ts'
import { errorKinds } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/errors.ts'
import type {
  Added,
  BatchResult,
  BulkResult,
  Download,
  DownloadDetail,
  DownloadList,
  Manager,
} from '../../manager/types.ts'

const bytes = z.number().meta({ description: 'Bytes' })
const time = z.string().meta({ format: 'date-time', description: 'ISO 8601 UTC' })
export const errorCode = z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]])
const status = z.enum(downloadStatuses)
export const verdict = z.enum(['verified', 'length-only', 'unverified']).nullable().meta({
  description: 'How sure we are of a finished file: a digest matched, only its length did, or neither was known',
})

export const digests = z.strictObject({
  md5: z.string().exactOptional(),
  sha1: z.string().exactOptional(),
  sha256: z.string().exactOptional(),
  sha512: z.string().exactOptional(),
})

export const failure = z
  .strictObject({ code: errorCode, message: z.string(), hint: z.string(), retryable: z.boolean() })
  .meta({ id: 'Failure', description: 'Why a download failed' })

const downloadFields = {
  id: z.string().regex(/^dl-[0-9a-f]{16}$/),
  reference: z.string().meta({ description: 'As it was typed, without credentials' }),
  url: z.string(),
  filename: z.string().meta({ description: 'Empty until it is known' }),
  path: z.string().meta({ description: 'Empty until it is known' }),
  kind: z.string().meta({ description: 'http, model, llama or release' }),
  host: z.string(),
  type: z.string().meta({ description: 'Extension of the file, or unknown; model; llama' }),
  status,
  priority: z.number().meta({ description: '1-10, higher first' }),
  position: z.number().meta({ description: 'Place among downloads of the same priority' }),
  bytesDone: bytes,
  bytesTotal: bytes.nullable(),
  speed: z.number().meta({ description: 'Bytes per second' }),
  eta: z.number().nullable().meta({ description: 'Seconds' }),
  connections: z.number(),
  retries: z.number(),
  maxRetries: z.number(),
  speedLimit: z.number().nullable().meta({ description: 'Bytes per second' }),
  verdict,
  digests,
  error: failure.nullable(),
  addedAt: time,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  startAt: time.nullable().meta({ description: 'Does not start before' }),
  retryAt: time.nullable().meta({ description: 'Tried again by itself' }),
  activeSeconds: z.number(),
  missing: z.boolean().meta({ description: 'Completed, and the file is no longer there' }),
  waitingFor: z.string().nullable().meta({ description: 'low-disk, start-at or auto-start-off' }),
  target: z
    .strictObject({
      kind: z.enum(['store', 'zip', 'files', 'layout']),
      path: z.string().meta({ description: 'The folder of the store, the zip, or the folder of files or layout' }),
    })
    .nullable()
    .meta({ description: 'Of a model: where it goes, or is; null for others, and until it is known' }),
  files: z
    .array(
      z.strictObject({
        title: z.string(),
        path: z.string(),
        digest: z
          .string()
          .nullable()
          .meta({ description: 'What a blob or an archive must have; null where it is not known' }),
        mediaType: z.string().nullable(),
        bytesDone: bytes,
        bytesTotal: bytes.nullable(),
        status,
        verdict,
        digests,
      }),
    )
    .meta({
      description: 'One, the blobs of a model, or the builds of llama.cpp; in lists and events the first 50 of them',
    }),
}

const download: z.ZodType<Download> = z.strictObject(downloadFields).meta({ id: 'Download' })

export const downloadDetail: z.ZodType<DownloadDetail> = z
  .strictObject({
    ...downloadFields,
    segments: z.array(z.strictObject({ start: bytes, end: bytes.nullable(), done: bytes, active: z.boolean() })),
    connectionDetails: z.array(
      z.strictObject({
        host: z.string(),
        start: bytes,
        end: bytes.nullable(),
        position: bytes,
        speed: z.number(),
        state: z.enum(['waiting', 'receiving']),
      }),
    ),
    timeline: z.array(z.strictObject({ at: time, event: z.string(), detail: z.string().exactOptional() })),
  })
  .meta({ id: 'DownloadDetail' })

export const downloadList: z.ZodType<DownloadList> = z.strictObject({
  downloads: z.array(download),
  total: z.number().meta({ description: 'How many match' }),
})

export const added: z.ZodType<Added> = z
  .strictObject({
    id: z.string(),
    duplicateOf: z.string().exactOptional().meta({ description: 'One with the same address or checksum' }),
    skipped: z.boolean().exactOptional().meta({ description: 'Nothing was added; the id is the one that was there' }),
  })
  .meta({ id: 'Added' })

export const batchResult: z.ZodType<BatchResult> = z
  .strictObject({
    added: z.array(z.string()),
    errors: z.array(z.strictObject({ line: z.number(), code: z.string(), message: z.string() })),
    skipped: z.array(z.strictObject({ line: z.number(), id: z.string() })),
  })
  .meta({ id: 'BatchResult', description: 'Lines count from 1: of a text, or places of items' })

export const bulkResult: z.ZodType<BulkResult> = z
  .strictObject({
    done: z.array(z.string()),
    failed: z.array(z.strictObject({ id: z.string(), code: z.string(), message: z.string() })),
  })
  .meta({ id: 'BulkResult' })

const releasePreview = z
  .strictObject({
    repository: z.string(),
    tag: z.string(),
    publishedAt: time.nullable(),
    asset: z.string().nullable().meta({ description: 'The file that would be fetched; null where none is meant' }),
    why: z.array(z.string()),
    problem: failure.nullable().meta({ description: 'Why none: asset-ambiguous or asset-not-found' }),
    assets: z.array(
      z.strictObject({
        name: z.string(),
        size: bytes,
        digest: z.string().nullable().meta({ description: 'sha256:HEX' }),
        isCandidate: z.boolean().meta({ description: 'The one, or one of those that nothing tells apart' }),
      }),
    ),
  })
  .meta({ id: 'ReleasePreview', description: 'The files of a release to choose from' })

export const preview: z.ZodType<Awaited<ReturnType<Manager['preview']>>> = z
  .strictObject({
    reference: z.string(),
    url: z.string(),
    filename: z.string(),
    size: bytes.nullable(),
    type: z.string().nullable(),
    resumable: z.boolean(),
    digestKnown: z.boolean(),
    kind: z.enum(['http', 'model', 'llama', 'release']),
    duplicateOf: z.string().exactOptional(),
    digest: z.string().exactOptional().meta({ description: 'sha256:HEX or another, where it is told' }),
    release: releasePreview.exactOptional(),
  })
  .meta({ id: 'Preview' })

export const movedFile = z.strictObject({
  id: z.string(),
  path: z.string().meta({ description: 'Where it is now' }),
})
