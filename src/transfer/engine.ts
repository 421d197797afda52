import { join } from 'node:path'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { makeAddressPolicy } from '../wire/address-policy.ts'
import { chooseClient } from './choose-client.ts'
import { adjustGroup, adjustTransfer } from './adjust.ts'
import { ownProfile } from './file-options.ts'
import { openFinishedFiles } from './finished-files.ts'
import { createFolderSync } from './folder-sync.ts'
import { openHostMemory } from './host-memory.ts'
import { createHostPlaces } from './host-places.ts'
import { inspectGroup, inspectTransfer } from './inspect.ts'
import { createLimiter } from './limiter.ts'
import { previewFile } from './preview.ts'
import { checkKey } from './session.ts'
import { fieldsFrom, loadProfile } from './profile.ts'
import { createSpace } from './space.ts'
import { createStaging } from './staging.ts'
import type { FetchContext } from './fetch.ts'
import type { Group } from './group.ts'
import type { Environment, Transfer } from './state.ts'
import { runTransfer } from './transfer.ts'
import { wireOptions } from './wire-options.ts'
import { createCollectBuffers } from './write-behind.ts'
import type { Engine, EngineOptions, FileRequest } from './types.ts'

const { performance: clocks } = process.getBuiltinModule('node:perf_hooks')

const tickMs = 50

/**
 * Opens an engine. Reads netrc, the cookie file and certificates once; what is wrong with them is a `usage` error or,
 * where the download can do without, a warning to `onWarning`.
 */
export async function createEngine(
  options: EngineOptions,
  onWarning: (message: string) => void = () => {},
): Promise<Engine> {
  const profile = await loadProfile(options, onWarning)
  const fields = fieldsFrom(profile)
  const client = await chooseClient(wireOptions(options), options.proxy, process.env)
  const ticks = new Map<number, () => void>()
  const folders = createFolderSync(options.sync)
  const clock = (): number => performance.now()
  const limiter = createLimiter(client, options.limitRate, clock)
  let timer: NodeJS.Timeout | null = null
  let count = 0
  let busy = 1
  let loadThen = clocks.eventLoopUtilization()
  const running = new Set<Promise<unknown>>()
  const ending = new AbortController()

  const context: FetchContext = {
    client,
    now: Date.now,
    fieldsFor: (url, location) => fields(url, location, Date.now()),
    guard: () => makeAddressPolicy({ allowPrivate: options.allowPrivate, publicOnly: options.publicOnly ?? false }),
  }

  const env: Environment = {
    ...context,
    options,
    limiter,
    places: createHostPlaces(options.hostConnections),
    active: new Map<string, Transfer>(),
    groups: new Map<string, Group>(),
    contextFor,
    clock,
    hosts: openHostMemory(join(options.dataDir, 'hosts.json'), Date.now),
    finished: openFinishedFiles(join(options.dataDir, 'finished.ndjson'), options.rememberAtOnce),
    space: createSpace(),
    staging: createStaging(),
    collectBuffers: createCollectBuffers(),
    random: Math.random,
    busy: () => busy,
    syncFolderSoon: folders.soon,
  }

  function contextFor(request: FileRequest): FetchContext {
    const own = ownProfile(profile, options, request.options)
    if (!own) return context
    const ownFields = fieldsFrom(own)
    return { ...context, fieldsFor: (url, location) => ownFields(url, location, Date.now()) }
  }

  function tickAll(): void {
    const now = clocks.eventLoopUtilization()
    busy = (busy + clocks.eventLoopUtilization(now, loadThen).utilization) / 2
    loadThen = now
    for (const tick of ticks.values()) tick()
  }

  function setTick(id: number, tick: (() => void) | null): void {
    if (tick) ticks.set(id, tick)
    else ticks.delete(id)
    if (ticks.size > 0) timer ??= setInterval(tickAll, tickMs)
    else if (timer) {
      clearInterval(timer)
      timer = null
    }
  }

  /** Until it ends the engine does not close. */
  function track(work: Promise<unknown>): void {
    const settled = work.then(
      () => {},
      () => {},
    )
    running.add(settled)
    void settled.then(() => running.delete(settled))
  }

  async function get(
    request: FileRequest,
    { signal, onEvent = () => {}, authorize }: NonNullable<Parameters<Engine['get']>[1]> = {},
  ) {
    const id = ++count
    const limits = [signal, options.overallTimeout === undefined ? undefined : overall(options.overallTimeout)].filter(
      (one) => one !== undefined,
    )
    try {
      const finished = await runTransfer(env, request, {
        id,
        emit: onEvent,
        signal: limits.length === 1 && limits[0] ? limits[0] : AbortSignal.any(limits),
        authorize,
        onTick: (tick) => setTick(id, tick),
      })
      onEvent({ type: 'completed', id, ...finished })
      return finished
    } catch (thrown) {
      const error = asSluiceError(thrown)
      onEvent({ type: 'error', id, reference: request.reference, error })
      throw error
    }
  }

  return {
    get(request, given) {
      const promise = get(request, given)
      track(promise)
      return promise
    },
    preview: async (request, given) => previewFile(contextFor(request), request, given?.signal),
    setLimitRate: (rate) => limiter.setRate(rate),
    setHostConnections: (connections) => env.places.setCap(connections),
    adjust(key, change) {
      const transfer = env.active.get(key)
      const group = env.groups.get(key)
      if (transfer) adjustTransfer(transfer, change)
      else if (group) adjustGroup(group, change)
    },
    async inspect(key) {
      const transfer = env.active.get(key)
      const group = env.groups.get(key)
      return transfer ? inspectTransfer(transfer) : group ? inspectGroup(group) : null
    },
    async stored(dir, key) {
      return (await import('./stored.ts')).storedPart(dir, key)
    },
    async finished(path) {
      const record = env.finished.recorded(path)
      return record ? { size: record.size, mtimeMs: record.mtimeMs } : null
    },
    async move(request) {
      const { moveFinished } = await import('./move-finished.ts')
      const moved = moveFinished(env.finished, request, ending.signal)
      track(moved)
      return moved
    },
    async discard(dir, key) {
      if (env.active.has(checkKey(key)))
        throw new SluiceError('in-use', 'The download is running; its part cannot be removed.')
      ;(await import('./stored.ts')).discardStored(dir, key, Date.now())
    },
    async close() {
      ending.abort()
      await Promise.all(running)
      client.close()
      env.staging.close()
      await folders.finish()
      const problem = env.hosts.save() ?? env.finished.save()
      if (problem) onWarning(`What was learned could not be saved: ${problem.message}`)
    },
  }
}

function overall(ms: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(
    () => controller.abort(new SluiceError('overall-timeout', 'The download took longer than --timeout allows.')),
    ms,
  ).unref()
  return controller.signal
}
