import { access, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { blobFileName } from '../core/blob-digest.ts'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { manifestPlace } from '../core/model-name.ts'
import { assembleModelZip, blobEntry, describeModelZip, restoreBase } from '../deliver/model-zip.ts'
import { isModelZipGood } from '../deliver/read-model-zip.ts'
import { localHeaderSize } from '../deliver/zip-format.ts'
import type { ReadyBlob } from '../deliver/types.ts'
import type { ModelPlan } from '../sources/types.ts'
import { land, targetExists } from '../transfer/landing.ts'
import type { Delivery } from './delivery.ts'
import { writeStagedManifest } from './keep-staging.ts'
import { makeStaging, namesIn, removeStaging } from './staging-folder.ts'
import type { PullRequest } from './types.ts'

export interface ZipOptions {
  /** Of the zip file. */
  readonly path: string
  readonly staging: string
  readonly keep: boolean
  readonly ifExists: NonNullable<PullRequest['ifExists']>
}

/**
 * One zip file of a model. The largest blob is fetched into what becomes the zip, behind room for its header, so the
 * bytes are on the disk once. With `keep` the blobs stay in the staging folder and the zip is a copy of them.
 */
export function zipDelivery(plan: ModelPlan, { path, staging, keep, ifExists }: ZipOptions): Delivery {
  const place = manifestPlace(plan.name)
  const folder = join(staging, 'models', 'blobs')
  const base = keep ? undefined : plan.blobs.reduce((a, b) => (b.size > a.size ? b : a))

  const reserve = base === undefined ? 0 : localHeaderSize(blobEntry(base.digest))
  const ready = new Map<string, ReadyBlob>()

  /** Says by its name which blob it grows from, so that a crash in between is undone by the next run. */
  const unfinished = (digest: string): string => join(staging, `writing-${blobFileName(digest)}`)

  async function undoCrash(): Promise<void> {
    for (const name of await namesIn(staging)) {
      if (!name.startsWith('writing-')) continue
      const from = join(staging, name)
      if (base === undefined || from !== unfinished(base.digest)) {
        await rm(from, { force: true })
        continue
      }
      await restoreBase({ path: from, size: base.size, reserve })
      await rename(from, join(folder, blobFileName(base.digest)))
    }
  }

  async function assemble(signal?: AbortSignal): Promise<string> {
    const from = base === undefined ? undefined : ready.get(base.digest)
    const others = plan.blobs.flatMap(({ digest }) => (digest === base?.digest ? [] : (ready.get(digest) ?? [])))
    if ((base !== undefined && !from) || others.length + (from ? 1 : 0) !== plan.blobs.length)
      throw new SluiceError('internal', 'A zip file was to be written before all of its blobs were there.')
    const into = base === undefined ? join(staging, 'writing-zip') : unfinished(base.digest)
    if (from) await rename(from.path, into)
    await assembleModelZip({
      path: into,
      base: base === undefined ? null : { digest: base.digest, size: base.size },
      others,
      manifest: { place, bytes: plan.manifestBytes },
      mtime: new Date(0),
      ...(signal ? { signal } : {}),
    })
    return into
  }

  return {
    blobs: plan.blobs,
    path,
    dir: dirname(path),
    // The blobs that are copied into it lie beside it until it is there.
    extraBytes: plan.blobs.reduce((sum, { digest, size }) => (digest === base?.digest ? sum : sum + size), 0),
    prepare: () => makeStaging(folder),
    recover: undoCrash,
    async finished(by, signal) {
      if (!(await exists(path))) return null
      if ((await isSame(path, plan, signal)) && (by === 'sizes' || (await isModelZipGood(path, signal))))
        return { path, verdict: 'verified' }
      if (ifExists === 'skip') return { path, verdict: 'unverified' }
      if (ifExists === 'fail') throw targetExists(path)
      return null
    },
    resting: () => null,
    has: async () => null,
    place: (blob) => ({
      dir: folder,
      output: blobFileName(blob.digest),
      ...(blob.digest === base?.digest ? { reserve } : {}),
    }),
    async arrived(blob) {
      ready.set(blob.digest, blob)
    },
    async finish(signal) {
      const zip = land(await assemble(signal), dirname(path), basename(path), ifExists)
      if (!keep) {
        await removeStaging(staging)
        return { path: zip }
      }
      await writeStagedManifest(staging, place, plan.manifestBytes)
      return { path: zip, stagingKept: staging }
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The file is a zip of exactly this model, by its names and sizes. What cannot be read is another one. */
async function isSame(path: string, plan: ModelPlan, signal?: AbortSignal): Promise<boolean> {
  try {
    const { models, blobs } = await describeModelZip(path, signal)
    const [only] = models
    const here = new Map(blobs.map(({ digest, size }) => [digest, size]))
    const whole = plan.blobs.every(({ digest, size }) => here.get(digest) === size)
    return (
      models.length === 1 && only !== undefined && whole && Buffer.compare(only.manifestBytes, plan.manifestBytes) === 0
    )
  } catch (error) {
    if (asSluiceError(error).code === 'bad-archive') return false
    throw error
  }
}
