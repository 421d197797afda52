import { asSluiceError } from '../core/errors.ts'
import type { SluiceError } from '../core/errors.ts'
import { displayModel, parseModel, sessionName } from '../core/model-name.ts'
import type { ModelName } from '../core/model-name.ts'
import { hostPlatform, parsePlatform, showPlatform } from '../core/platform.ts'
import { shortHash } from '../core/short-hash.ts'
import type { ModelPlan, ModelSource } from '../sources/types.ts'
import type { Engine } from '../transfer/types.ts'
import { diskError } from '../core/disk-error.ts'
import { chooseDelivery, targetFor } from './choose-delivery.ts'
import type { Delivery } from './delivery.ts'
import { fetchBlobs } from './fetch-blobs.ts'
import { checkSpace } from './free-space.ts'
import { createPullFiles } from './pull-files.ts'
import { createPullProgress } from './pull-progress.ts'
import { remoteNote } from './remote-note.ts'
import { discardUnfinished, openSession } from './session-file.ts'
import type { SessionFile } from './session-file.ts'
import type { PullEvent, Pulled, PullRequest, PullTarget } from './types.ts'
import { whatIsHere } from './what-is-here.ts'

/** What all pulls have in common. */
export interface PullWorld {
  readonly engine: Engine
  readonly source: ModelSource
  /** Milliseconds since 1970, and of a clock that never jumps. */
  readonly now: () => number
  readonly clock: () => number
  readonly underWay: Map<string, Promise<unknown>>
  /** Paths that the bytes of pulls go to that run now: what lies there is not to be removed for another one. */
  readonly wanted: Set<ReadonlySet<string>>
  /** Bytes per second for all blobs together, as of now. */
  readonly limitRate: () => number | undefined
}

/** What a reference leads to, before anything is fetched. */
export interface Prepared {
  readonly plan: ModelPlan
  readonly target: PullTarget
  readonly delivery: Delivery
  readonly staging: string
}

export async function preparePull(
  source: ModelSource,
  request: PullRequest,
  onWarning: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<Prepared> {
  const name = parseModel(request.model, request.registry === undefined ? {} : { registry: request.registry })
  const platform = request.platform === undefined ? undefined : parsePlatform(request.platform)
  const plan = await source.resolve(name, { ...(platform ? { platform } : {}), ...(signal ? { signal } : {}) })
  const target = targetFor(request, plan)
  return { plan, target, ...chooseDelivery(request, plan, target, onWarning) }
}

/** One pull from its name to its target; see `Puller.pull`. */
export async function pullModel(
  world: PullWorld,
  request: PullRequest,
  tell: (event: PullEvent) => void,
  signal: AbortSignal | undefined,
): Promise<Pulled> {
  const startedAt = world.clock()
  const warn = (message: string): void =>
    tell({ type: 'warning', id: 0, reference: request.model, code: 'store', message })
  tell({ type: 'phase', phase: 'resolving' })
  const { plan, delivery, staging, target } = await preparePull(world.source, request, warn, signal)
  const name = displayModel(plan.name)
  const bytes = delivery.blobs.reduce((sum, blob) => sum + blob.size, 0)
  const files = createPullFiles(plan, delivery)

  const result = (path: string, alreadyThere: boolean, stagingKept?: string): Pulled => ({
    reference: request.model,
    path,
    title: name,
    bytes,
    seconds: (world.clock() - startedAt) / 1000,
    verdict: files.list().every(({ verdict }) => verdict === 'verified') ? 'verified' : 'unverified',
    digests: target.kind === 'store' ? { sha256: plan.digest.slice('sha256:'.length) } : {},
    alreadyThere,
    name,
    manifestDigest: plan.digest,
    files: files.atRest(path),
    ...(stagingKept === undefined ? {} : { stagingKept }),
  })

  tell({ type: 'phase', phase: 'checking' })
  const before = await delivery.finished('digests', signal)
  if (before !== null) {
    for (const { digest, size } of delivery.blobs)
      files.change(digest, { status: 'completed', bytesDone: size, verdict: before.verdict, alreadyThere: true })
    if (before.verdict === 'unverified') warn(leftAlone(before.path))
    else await discardUnfinished(staging, world.now())
    return result(before.path, true)
  }
  await delivery.prepare()
  const session = await startSession(staging, request, plan, target, world.now)
  const paths = new Set(files.list().map(({ path: to }) => to))
  world.wanted.add(paths)
  try {
    await delivery.recover()
    const { blobs, bytesHere } = await whatIsHere(world.engine, delivery, files, signal)
    for (const file of files.atRest(delivery.path)) if (file.verdict === 'unverified') warn(leftAlone(file.path))
    await checkSpace(delivery.dir, bytes - bytesHere + delivery.extraBytes)
    tell({ type: 'files', files: files.list() })
    tell({
      type: 'start',
      id: 0,
      reference: request.model,
      url: manifestUrl(plan.name),
      path: delivery.path,
      title: name,
      bytesTotal: bytes,
      resumedFrom: bytesHere,
    })
    await session.write('downloading')
    const progress = createPullProgress(bytes, world.clock)
    for (const { digest, bytesDone } of files.list()) progress.found(digest, bytesDone)
    const telling = (event: PullEvent): void => {
      if (event.type === 'progress') void session.touch().catch((error: unknown) => warn(asSluiceError(error).message))
      tell(event)
    }
    tell({ type: 'phase', phase: 'downloading' })
    const { engine, underWay, limitRate } = world
    const group = request.key ?? `dl-${shortHash(`${staging}\n${plan.digest}`)}`
    await fetchBlobs(
      { engine, plan, delivery, request, group, files, progress, tell: telling, underWay, limitRate, signal },
      blobs,
    )
    tell({ type: 'progress', id: 0, reference: request.model, ...progress.now(), connections: 0 })
    tell({ type: 'phase', phase: 'writing' })
    await session.write('writing')
    const { path, stagingKept } = await delivery.finish(signal)
    // From here on it is there, whatever becomes of the note.
    const noted = stagingKept === undefined ? session.remove() : session.write('completed')
    await noted.catch((error: unknown) => warn(asSluiceError(error).message))
    if (target.kind === 'store') await tellRemote(plan, name, delivery, warn)
    return result(path, blobs.length === 0, stagingKept)
  } catch (thrown) {
    const error = asSluiceError(diskError(thrown, staging))
    await noteEnd(session, error)
    throw error
  } finally {
    world.wanted.delete(paths)
    session.leave()
  }
}

const leftAlone = (path: string): string =>
  `${path} is something else; it was left as it is, and nothing was fetched for it.`

async function tellRemote(
  { blobs: [config] }: ModelPlan,
  name: string,
  delivery: Delivery,
  warn: (message: string) => void,
): Promise<void> {
  const path = config === undefined ? null : delivery.resting(config)
  const note = path === null ? null : await remoteNote(name, path)
  if (note !== null) warn(note)
}

function manifestUrl({ scheme, host, repository, digest, tag }: ModelName): string {
  return `${scheme}://${host}/v2/${repository}/manifests/${digest ?? tag ?? 'latest'}`
}

/** The failure itself is what counts: one of the note that tells of it must not hide it. */
async function noteEnd(session: SessionFile, error: SluiceError): Promise<void> {
  const state = error.code === 'interrupted' ? 'paused' : 'error'
  await session.write(state, error.message).catch(() => undefined)
}

function startSession(
  staging: string,
  request: PullRequest,
  plan: ModelPlan,
  target: PullTarget,
  now: () => number,
): Promise<SessionFile> {
  const { scheme, host } = plan.name
  const session = {
    model: request.model,
    sessionId: sessionName(request.model),
    outZip: target.kind === 'zip' ? target.path : '',
    stagingRoot: staging,
    registry: `${scheme}://${host}`,
    platform: request.platform ?? showPlatform(plan.platform ?? hostPlatform(process.arch)),
    concurrency: request.concurrency ?? 4,
    retries: request.retries ?? 5,
    startedAt: new Date(now()).toISOString(),
  }
  return openSession(staging, session, now, target.kind === 'store')
}
