import { z } from 'zod'
import type * as t from '../../manager/llama/types.ts'
import type { AddRequest } from '../../manager/types.ts'
import { commonFields, formToAdd, llamaFields } from './add.ts'
import { text, utc, wholeNumber } from './fields.ts'

const { dir: _dir, ifExists: _ifExists, ...common } = commonFields

const checksum = text(200).min(1)

/** What `download` takes. Where libraries go is nothing that a request has a say in. */
export const llamaInput = z
  .strictObject({
    ...llamaFields,
    ...common,
    checksum: z
      .union([checksum, z.array(checksum).min(1).max(1)])
      .exactOptional()
      .meta({ description: 'sha256:HEX that the archive must have; of a single platform and variant only' }),
  })
  .meta({ id: 'LlamaInput' })
  .transform(({ version, platforms, variant, strict, startAt, ...rest }): AddRequest => ({
    ...rest,
    reference: 'llama.cpp',
    kind: 'llama',
    llama: {
      ...(version === undefined ? {} : { version }),
      ...(platforms === undefined ? {} : { platforms }),
      ...(variant === undefined ? {} : { variant }),
      ...(strict === undefined ? {} : { strict }),
    },
    ...(startAt === undefined ? {} : { startAt: utc(startAt) }),
  }))

/** In a form `platforms` has several values, or one with commas. */
export function formToLlama(form: ReadonlyArray<readonly [string, string]>): unknown {
  const platforms = form
    .filter(([name]) => name === 'platforms')
    .flatMap(([, value]) => value.split(/[\s,]+/))
    .filter((value) => value !== '')
  const { platforms: _, ...fields } = formToAdd(form)
  return platforms.length === 0 ? fields : { ...fields, platforms }
}

const selectionFields = {
  version: text(64).min(1).exactOptional().meta({ description: 'A build: b6089' }),
  platform: text(64).min(1).exactOptional().meta({ description: 'linux/amd64' }),
  variant: text(64).min(1).exactOptional(),
}

export const llamaSelection = z.strictObject(selectionFields).meta({ id: 'LlamaSelection' })

/** The same in an address. A name that is spelled wrongly is refused: without it more would be removed. */
export const llamaSelectionQuery = z.strictObject(selectionFields)

export const llamaReleasesQuery = z.object({ limit: wholeNumber(1, 30).exactOptional() })

export const pruneInput = z.strictObject({
  keep: z.int().min(0).max(1000).meta({ description: 'Versions of each platform and variant that stay' }),
})

export const loadInput = z.strictObject({
  version: text(64).min(1).exactOptional().meta({ description: 'Default: the newest of the cache' }),
  variant: text(64).min(1).exactOptional(),
})

const bytes = z.number().meta({ description: 'Bytes' })
const platform = z.string().meta({ description: 'linux/amd64' })
const sentences = z.array(z.string()).readonly()
const sha256 = z.string().meta({ description: 'Hex' })
const name = { tag: z.string(), platform, variant: z.string() }

export const llamaReleases: z.ZodType<t.LlamaReleases> = z
  .strictObject({
    repository: z.string(),
    latest: z
      .strictObject({ tag: z.string(), why: sentences })
      .nullable()
      .meta({ description: "What latest means for the daemon's machine; null where nobody could be asked" }),
    nightly: z.string().nullable(),
    releases: z
      .array(
        z
          .strictObject({
            tag: z.string(),
            publishedAt: z.string().nullable().meta({ format: 'date-time', description: 'ISO 8601 UTC' }),
            platforms: z
              .array(
                z.strictObject({ platform, variants: z.array(z.strictObject({ name: z.string(), bytes })).readonly() }),
              )
              .readonly()
              .meta({ description: 'Those whose builds are all there' }),
          })
          .meta({ id: 'LlamaRelease' }),
      )
      .readonly(),
    warnings: sentences,
  })
  .meta({ id: 'LlamaReleases' })

export const llamaCache: z.ZodType<t.LlamaCache> = z
  .strictObject({
    dir: z.string(),
    trees: z
      .array(
        z
          .strictObject({
            repository: z.string(),
            ...name,
            asset: z.string().meta({ description: 'The archive that it comes from' }),
            sha256,
            verifiedBy: z.enum(['api', 'pin']).nullable().meta({ description: 'Who vouched for the digest' }),
            companions: z.array(z.strictObject({ asset: z.string(), sha256 })).readonly(),
            folder: z.string(),
            libraryPath: z.string(),
            bytes,
            installedAt: z.string().meta({ format: 'date-time', description: 'ISO 8601 UTC' }),
            inUse: z.boolean().meta({ description: 'A process that lives has it loaded' }),
          })
          .meta({ id: 'LlamaTree' }),
      )
      .readonly(),
    size: bytes,
  })
  .meta({ id: 'LlamaCache' })

const verdict = z.enum(['verified', 'damaged'])

export const llamaChecks: z.ZodType<t.LlamaChecks> = z
  .strictObject({
    verdict,
    checks: z
      .array(
        z.strictObject({ ...name, verdict, changed: sentences, missing: sentences, unexpected: sentences }).meta({
          id: 'LlamaCheck',
          description: 'Paths relative to its folder',
        }),
      )
      .readonly(),
  })
  .meta({ id: 'LlamaChecks' })

export const freedBytes: z.ZodType<{ readonly bytes: number }> = z
  .strictObject({ bytes })
  .meta({ id: 'FreedBytes', description: 'What was freed' })

export const llamaPruned: z.ZodType<t.LlamaPruned> = z
  .strictObject({ removed: z.array(z.strictObject(name)).readonly(), bytes })
  .meta({ id: 'LlamaPruned' })

const several = <T extends z.ZodRawShape>(shape: T) => z.array(z.strictObject(shape)).readonly()
const known = z.string().nullable()

export const llamaHardware: z.ZodType<t.LlamaHardware> = z
  .strictObject({
    platform: platform.nullable(),
    facts: z.strictObject({
      platform: z.string(),
      arch: z.string(),
      libc: z.strictObject({ family: z.enum(['glibc', 'musl']), version: known }).nullable(),
      osVersion: known,
      translated: z.boolean(),
      nvidia: z
        .strictObject({
          driver: known,
          cuda: known,
          gpus: several({ name: z.string(), capability: known, memory: z.number().nullable() }),
        })
        .nullable(),
      amd: z.strictObject({ gpus: several({ name: z.string(), gfx: known }) }).nullable(),
      intel: z.strictObject({ gpu: z.boolean(), levelZero: z.boolean() }).nullable(),
      vulkan: z
        .strictObject({ devices: several({ name: z.string(), kind: z.enum(['discrete', 'integrated', 'other']) }) })
        .nullable(),
      notes: sentences,
    }),
    plan: z
      .array(
        z.strictObject({
          backend: z.enum(['cpu', 'cuda', 'rocm', 'vulkan', 'sycl', 'opencl', 'openvino', 'metal']),
          atMost: known,
          atLeast: known,
          why: z.string(),
        }),
      )
      .readonly()
      .meta({ description: 'Best first' }),
    notes: sentences,
  })
  .meta({ id: 'LlamaHardware' })

export const llamaLoaded: z.ZodType<t.LlamaLoaded> = z
  .strictObject({
    tag: z.string(),
    libraryPath: z.string(),
    llamaVersion: known,
    ggmlVersion: known,
    devices: several({ name: z.string(), description: z.string(), kind: z.string() }),
    systemInfo: z.string(),
    supportsGpu: z.boolean(),
    warnings: sentences,
  })
  .meta({ id: 'LlamaLoaded' })
