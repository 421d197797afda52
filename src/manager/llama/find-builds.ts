import { asSluiceError } from '../../core/errors.ts'
import type { DownloadPlan } from '../../libraries/plan-types.ts'
import type { StoredDownload } from '../../store/types.ts'
import type { Desk } from '../desk.ts'
import type { Found } from '../fetching.ts'
import { llamaName, releasePage } from './check-llama.ts'
import { downloadRequest, llamaOptions } from './llama-options.ts'
import { platformFailure } from './platform-failure.ts'
import { filesOfPlan, trackBuilds } from './track-builds.ts'

type Wanted = Pick<StoredDownload, 'reference' | 'options'>

/** Finds the builds that a download asks for. Fails where no platform has one; of several the others are worth their while. */
export async function findBuilds(desk: Desk, { reference, options }: Wanted, signal?: AbortSignal): Promise<Found> {
  const { world, plan } = await desk.llama()
  const onWarning = (message: string): void => desk.log.warn({ reference }, message)
  const found = await plan(world, downloadRequest(reference, options), { ask: false, signal, onWarning })
  const failed = found.builds.flatMap(({ platform, source }) =>
    source.kind === 'failed' ? [{ platform, error: asSluiceError(source.error) }] : [],
  )
  if (failed.length === found.builds.length) {
    const failure = platformFailure(failed, found.builds.length)
    if (failure) throw failure
  }
  const files = filesOfPlan(found)
  return {
    bytesTotal: trackBuilds(files).progress().bytesTotal,
    files,
    change: (row) => changeOf(row, found, desk.githubPages()),
  }
}

/** What the row tells once the release is known. Its build is kept where all platforms are there. */
function changeOf(row: StoredDownload, { tag, builds }: DownloadPlan, pages: string): Partial<StoredDownload> {
  if (tag === null) return {}
  const llama = llamaOptions(row.options)
  const isWhole = builds.every(({ source }) => source.kind !== 'failed')
  return {
    filename: llamaName(tag, llama),
    url: releasePage(pages, tag),
    ...(isWhole ? { options: { ...row.options, llama: { ...llama, tag } } } : {}),
  }
}
