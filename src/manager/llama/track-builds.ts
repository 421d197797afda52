import type { DownloadEvent } from '../../libraries/download-types.ts'
import type { DownloadPlan, PlannedBuild } from '../../libraries/plan-types.ts'
import type { StoredFile } from '../../store/types.ts'
import type { Progress } from '../../transfer/types.ts'

/** The builds of a download as its files, in the order of the request. */
export function filesOfPlan({ builds }: Pick<DownloadPlan, 'builds'>): StoredFile[] {
  return builds.map(fileOfBuild)
}

function fileOfBuild({ platform, source }: PlannedBuild): StoredFile {
  if (source.kind === 'failed') return { ...blank(platform, null), status: 'error' }
  if (source.kind === 'cached') {
    const [{ variant, libraryPath, bytes, asset, ...tree }] = source.trees
    const verified = tree.verifiedBy === null ? ('length-only' as const) : ('verified' as const)
    const digest = tree.verifiedBy === null ? '' : `sha256:${tree.sha256}`
    const there = { path: libraryPath, digest, bytesDone: bytes, bytesTotal: bytes, verdict: verified }
    return { ...blank(platform, variant), ...there, mediaType: archiveType(asset), status: 'completed' }
  }
  const { main, companion, variant } = source.choice
  const sizes = companion === null ? [main.size] : [main.size, companion.size]
  return {
    ...blank(platform, variant),
    digest: main.sha256 === null ? '' : `sha256:${main.sha256}`,
    mediaType: archiveType(main.name),
    bytesTotal: sizes.includes(0) ? 0 : sizes.reduce((sum, size) => sum + size),
  }
}

function archiveType(name: string): string {
  return name.endsWith('.zip') ? 'application/zip' : 'application/gzip'
}

function titleOf(platform: string, variant: string | null): string {
  return variant === null ? platform : `${platform} ${variant}`
}

function blank(platform: string, variant: string | null): StoredFile {
  const title = titleOf(platform, variant)
  return { title, path: '', digest: '', mediaType: '', bytesDone: 0, bytesTotal: 0, status: 'queued', verdict: null }
}

/** The files of a download while it runs. */
export interface BuildTracker {
  hear(event: DownloadEvent): void
  files(): readonly StoredFile[]
  /** Of all together. */
  progress(): Progress
}

/** Begins with what is known of the files, which may be nothing. */
export function trackBuilds(known: readonly StoredFile[]): BuildTracker {
  const files = [...known]
  const pace = new Map<number, { readonly speed: number; readonly connections: number }>()
  const change = (index: number, fields: Partial<StoredFile>): void => {
    const file = files[index]
    if (file !== undefined) files[index] = { ...file, ...fields }
  }

  return {
    files: () => files,
    hear(event) {
      switch (event.type) {
        case 'release':
        case 'warning':
          return
        case 'begin': {
          const { index, platform, variant } = event
          if (files[index]?.title !== titleOf(platform, variant)) files[index] = blank(platform, variant)
          return change(index, { status: 'active', path: '', verdict: null })
        }
        case 'transfer': {
          const { index, event: told } = event
          if (told.type !== 'start' && told.type !== 'progress') return
          const total = told.bytesTotal ?? files[index]?.bytesTotal ?? 0
          change(index, { bytesDone: told.type === 'start' ? told.resumedFrom : told.bytesDone, bytesTotal: total })
          if (told.type === 'progress') pace.set(index, told)
          return
        }
        case 'phase':
          if (event.phase !== 'downloading') pace.delete(event.index)
          return
        case 'done': {
          pace.delete(event.index)
          return change(event.index, ended(event, files[event.index]))
        }
      }
    },
    progress() {
      const hasSizes = files.every(
        ({ status, bytesTotal }) => status === 'error' || status === 'completed' || bytesTotal > 0,
      )
      const bytesDone = files.reduce((sum, file) => sum + file.bytesDone, 0)
      const bytesTotal = hasSizes
        ? files.reduce((sum, file) => sum + Math.max(file.bytesTotal, file.bytesDone), 0)
        : null
      const speed = pace.values().reduce((sum, one) => sum + one.speed, 0)
      const connections = pace.values().reduce((sum, one) => sum + one.connections, 0)
      const eta = bytesTotal === null || speed < 1 ? null : (bytesTotal - bytesDone) / speed
      return { bytesDone, bytesTotal, speed, eta, connections }
    },
  }
}

/** Another variant than the planned one where that did not work. */
function ended(
  { result, bytes, verifiedBy }: Extract<DownloadEvent, { type: 'done' }>,
  file: StoredFile | undefined,
): Partial<StoredFile> {
  if (result.error !== null) return { status: 'error' }
  const size = file === undefined || file.bytesTotal === 0 ? bytes : file.bytesTotal
  return {
    title: titleOf(result.platform, result.variant),
    path: result.libraryPath,
    digest: verifiedBy === null ? '' : `sha256:${result.sha256Sum}`,
    bytesDone: size,
    bytesTotal: size,
    status: 'completed',
    verdict: verifiedBy === null ? 'length-only' : 'verified',
  }
}
