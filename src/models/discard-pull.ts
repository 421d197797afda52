import { rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { asSluiceError } from '../core/errors.ts'
import { parseModel } from '../core/model-name.ts'
import { diskError } from '../core/disk-error.ts'
import type { Engine } from '../transfer/types.ts'
import { stagingOf } from './choose-delivery.ts'
import { transferKey } from './fetch-blob.ts'
import { discardSession } from './session-file.ts'
import type { PullFile, PullRequest } from './types.ts'

/** Removes what a pull has left, but for what others that run have or want; see `Puller.discard`. */
export async function discardPull(
  engine: Engine,
  request: PullRequest,
  files: ReadonlyArray<Pick<PullFile, 'path' | 'status'>>,
  isWanted: (path: string) => boolean,
): Promise<void> {
  parseModel(request.model, request.registry === undefined ? {} : { registry: request.registry })
  for (const { path } of files) {
    if (isWanted(path)) continue
    const dir = dirname(path)
    try {
      await engine.discard(dir, transferKey(dir, basename(path)))
      await rm(path, { force: true })
    } catch (thrown) {
      // Another pull is fetching the same blob.
      if (asSluiceError(thrown).code !== 'in-use') throw diskError(thrown, path)
    }
  }
  const { target, modelsDir, filesDir } = request
  const places = target
    ? [target]
    : ([
        { kind: 'store', dir: modelsDir },
        { kind: 'files', dir: filesDir },
      ] as const)
  for (const place of places) await discardSession(stagingOf(request, place), Date.now())
}
