import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { assetSha256 } from '../core/github-digest.ts'
import type { ReleaseAsset } from '../core/release.ts'
import type { Engine, FileRequest, Finished, TransferEvent } from '../transfer/types.ts'
import { archiveKey } from './archive-name.ts'
import { sha256File } from './sha256-file.ts'
import type { CachedTree } from './types.ts'

export interface ArchiveRequest {
  readonly asset: ReleaseAsset
  /** Folder for what is on its way. */
  readonly dir: string
  /** Its name in there. */
  readonly output: string
  /** SHA-256 in hex that the user asks for. */
  readonly pin?: string | undefined
  readonly strict: boolean
  readonly group?: string | undefined
  readonly limitRate?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: TransferEvent) => void
}

/** An archive on the disk whose content is known. */
export interface Archive {
  readonly path: string
  readonly sha256: string
  readonly verifiedBy: CachedTree['verifiedBy']
  readonly bytes: number
  readonly alreadyThere: boolean
}

/** How often to look whether another process has let go of the archive, in ms. */
const patience = 500

/**
 * Fetches an archive of a release and compares its SHA-256. One with another is removed and fetched once more, as a
 * connection may have damaged it; then it is a `digest-mismatch` with both. `no-digest` under `strict` where neither the
 * release nor the user tells one.
 */
export async function fetchArchive(engine: Engine, request: ArchiveRequest): Promise<Archive> {
  const { asset, onEvent } = request
  const expected = expectedDigest(request)
  if (expected === null) {
    const message = `${asset.name} is unverified: the release tells no digest.`
    onEvent({ type: 'warning', id: 0, reference: asset.url, code: 'no-digest', message })
  }
  const file = fileRequest(request, expected)
  const finished = await fetchChecked(engine, request, file)
  const { path, bytes, digests, alreadyThere } = finished
  const sha256 = digests.sha256 ?? (await sha256File(path, request.signal))
  const verifiedBy = asset.sha256 !== null ? 'api' : expected === null ? null : 'pin'
  return { path, sha256, verifiedBy, bytes, alreadyThere }
}

/** The SHA-256 that an archive must have, by what release and user say, who must agree; null where nobody tells one. */
export function expectedDigest({
  asset,
  pin,
  strict,
}: Pick<ArchiveRequest, 'asset' | 'pin' | 'strict'>): string | null {
  const { name } = asset
  const sha256 = assetSha256(asset)
  if (pin !== undefined && sha256 !== null && pin !== sha256)
    throw new SluiceError(
      'digest-mismatch',
      `The release says that ${name} has the SHA-256 ${sha256}; ${pin} was asked for.`,
      {
        hint: 'The file was replaced at the server, or the digest belongs to another one. Nothing was fetched.',
      },
    )
  if (strict && pin === undefined && sha256 === null)
    throw new SluiceError('no-digest', `The release tells no digest of ${name}, so it cannot be checked.`, {
      hint: 'Give its SHA-256 with --sha256, or leave --strict out.',
    })
  return pin ?? sha256
}

function fileRequest({ asset, dir, output, group, limitRate }: ArchiveRequest, expected: string | null): FileRequest {
  return {
    reference: asset.url,
    dir,
    output,
    digests: expected === null ? [] : [{ algorithm: 'sha256', hex: expected }],
    mirrors: [],
    ...(asset.size > 0 ? { size: asset.size } : {}),
    key: archiveKey(dir, output),
    ...(group === undefined ? {} : { group }),
    options: {
      ifExists: 'overwrite',
      ifChanged: 'restart',
      // With a digest the content decides.
      allowHtml: expected !== null,
      ...(limitRate === undefined ? {} : { limitRate }),
    },
  }
}

/** The engine begins a part anew whose digest was wrong. */
async function fetchChecked(engine: Engine, request: ArchiveRequest, file: FileRequest): Promise<Finished> {
  const { asset, dir, output } = request
  try {
    return await fetchAlone(engine, request, file)
  } catch (thrown) {
    const { code, message } = asSluiceError(thrown)
    if (code !== 'digest-mismatch' && code !== 'size-mismatch') throw thrown
    const told = `${asset.name}: ${message} It is fetched once more.`
    request.onEvent({ type: 'warning', id: 0, reference: asset.url, code, message: told })
  }
  try {
    return await fetchAlone(engine, request, file)
  } catch (thrown) {
    const error = asSluiceError(thrown)
    if (error.code !== 'digest-mismatch' && error.code !== 'size-mismatch') throw error
    await forget(engine, dir, output, file)
    const wanted = asset.sha256 === null ? 'was asked for' : 'the release tells'
    throw new SluiceError(error.code, `${asset.name} is not what ${wanted}, twice: ${error.message}`, {
      hint: 'Nothing was installed. The file may have been replaced at the server.',
      cause: error,
    })
  }
}

/** Waits where another process fetches the same archive. */
async function fetchAlone(engine: Engine, { signal, onEvent }: ArchiveRequest, file: FileRequest): Promise<Finished> {
  for (;;) {
    try {
      return await engine.get(file, { onEvent, ...(signal === undefined ? {} : { signal }) })
    } catch (thrown) {
      if (asSluiceError(thrown).code !== 'in-use') throw thrown
    }
    await sleep(patience, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}

async function forget(engine: Engine, dir: string, output: string, { key }: FileRequest): Promise<void> {
  if (key !== undefined) await engine.discard(dir, key)
  await rm(join(dir, output), { force: true })
}
