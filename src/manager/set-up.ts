import type { DownloadStatus } from '../core/download-states.ts'
import type { Settings } from '../config/settings.ts'
import type { ModelLibrary, Puller } from '../models/types.ts'
import type { Store } from '../store/types.ts'
import { classifyAddress } from '../wire/address-policy.ts'
import { createActions } from './actions.ts'
import { createAdding } from './adding.ts'
import { createAutoClear } from './auto-clear.ts'
import { createBulk } from './bulk.ts'
import { checkRequest } from './check-request.ts'
import type { Clock } from './clock.ts'
import { createCommandHook } from './command-hook.ts'
import type { Desk } from './desk.ts'
import { createDesktop } from './desktop.ts'
import { createDiskWatch } from './disk-watch.ts'
import type { FreeSpace } from './disk-watch.ts'
import { createDuplicates } from './duplicates.ts'
import { needsNewEngine } from './engine-keeper.ts'
import type { EngineKeeper } from './engine-keeper.ts'
import type { Entry } from './entry.ts'
import { createFetching } from './fetching.ts'
import { createEventLog } from './event-log.ts'
import { createFileChecks } from './file-checks.ts'
import { createLedger } from './ledger.ts'
import type { LazyKeeper } from './lazy-keeper.ts'
import { createLimits } from './limits.ts'
import type { Libraries } from './llama/libraries.ts'
import { createRemovals } from './llama/removals.ts'
import { createShelf } from './llama/shelf.ts'
import { createModels } from './models.ts'
import { createFileMover } from './move-file.ts'
import { createPlaces } from './places.ts'
import { createProgressTicker } from './progress-ticker.ts'
import { isPublicOnly } from './public-only.ts'
import { createQueue } from './queue.ts'
import { createRuns } from './runs.ts'
import { createSchedules } from './schedules.ts'
import type { Secrets } from './secrets.ts'
import type { SettingsKeeper } from './settings-keeper.ts'
import { openStatistics } from './statistics.ts'
import { createStoreWatch } from './store-watch.ts'
import type { TargetFolder } from './target-folder.ts'
import type { ManagerOptions } from './types.ts'
import { downloadOf } from './view.ts'
import { createValidation } from './validation.ts'
import { createWebhooks } from './webhooks.ts'
import { createWriteBehind } from './write-behind.ts'

export interface Opened {
  readonly options: ManagerOptions
  readonly clock: Clock
  readonly freeSpace: FreeSpace
  readonly store: Store
  readonly settings: SettingsKeeper
  readonly engine: EngineKeeper
  readonly puller: LazyKeeper<Puller>
  readonly llama: LazyKeeper<Libraries>
  readonly githubPages: () => string
  readonly library: ModelLibrary
  readonly secrets: Secrets
  readonly folder: TargetFolder
}

export type Works = Awaited<ReturnType<typeof setUp>>

/** Connects the parts of the manager with each other and lets them work. */
export async function setUp(opened: Opened, entries: readonly Entry[]) {
  const { options, clock, freeSpace, store, settings, engine, puller, llama, library, secrets, folder } = opened
  const { log } = options
  const startedAt = clock.now()
  let closing = false
  let failed = 0

  const fault = (error: unknown): void => log.error({ error: String(error) }, 'a listener of events failed')
  const disk = createDiskWatch(folder.root, clock, settings.now, freeSpace, { wanted: diskMatters, looked: diskLooked })
  const view = { clock, settings: settings.now, lowDisk: disk.low, modelsDir: library.dir }
  const events = createEventLog(view, startedAt, fault)
  const writing = createWriteBehind(store, clock, (error) => log.error({ code: error.code }, error.message))
  const ledger = createLedger(writing, events, clock, moved)
  const desk: Desk = {
    options,
    clock,
    log,
    store,
    ledger,
    events,
    duplicates: createDuplicates(),
    secrets,
    folder,
    places: createPlaces(),
    disk,
    view,
    settings: settings.now,
    engine: engine.now,
    puller: puller.now,
    llama: llama.now,
    removals: createRemovals(ledger, clock),
    githubPages: opened.githubPages,
    library,
    closing: () => closing,
    background: (work, failure) => void work.catch((error: unknown) => log.warn({ error: String(error) }, failure)),
  }
  const fetching = createFetching(desk)
  const runs = createRuns(desk, fetching, pump)
  const queue = createQueue(desk, runs)
  const actions = createActions(desk, fetching, runs, pump)
  const validation = createValidation(desk, fetching)
  const adding = createAdding(desk, (added) => {
    validation.begin(added)
    pump()
  })
  const bulk = createBulk(desk, actions)
  const limits = createLimits(desk)
  const ticker = createProgressTicker(desk, runs.speed)
  const autoClear = createAutoClear(desk)
  const checks = createFileChecks(desk)
  const models = createModels(desk, checks)
  const shelf = createShelf(desk, checks)
  const storeWatch = createStoreWatch(store, clock, events, log)
  const statistics = await openStatistics(desk, runs.speed)
  const hook = createCommandHook(options.onComplete, log)
  const webhooks = await createWebhooks({
    store,
    secrets,
    log,
    isPrivate: (address) => classifyAddress(address) === 'private',
    allowPrivate: () => !isPublicOnly(options, settings.now()),
    clock,
  })
  const check = async (request: Parameters<typeof checkRequest>[0]): Promise<void> => {
    await folder.resolve(checkRequest(request, desk).dir)
  }
  const schedules = await createSchedules({ store, secrets, log, add: adding.add, check, clock })

  for (const entry of entries) desk.duplicates.add(entry)
  ledger.insert([...entries].sort(byAge))
  settings.onChange(settingsChanged)
  limits.apply()
  autoClear.plan()
  checks.start()
  desk.background(library.removeAbandoned(), 'what a killed daemon left could not be removed')
  pump()

  function pump(): void {
    queue.pump()
    storeWatch.wake()
  }

  function moved(entry: Entry, status: DownloadStatus): void {
    const { id, row } = entry
    if (status === 'error') log.warn({ id, url: row.url, code: row.error?.code }, 'download failed')
    else if (status === 'completed') log.info({ id, url: row.url, bytes: row.bytesDone }, 'download completed')
    else log.debug({ id, url: row.url }, `download ${status}`)
    if (status === 'active') {
      ticker.wake()
      const first = row.timeline.filter((step) => step.event === 'active').length === 1
      if (first) webhooks.notify('download.started', downloadOf(entry, view))
    } else if (status === 'completed') {
      const download = downloadOf(entry, view)
      statistics.completed(entry)
      webhooks.notify('download.completed', download)
      hook.run(download)
      autoClear.completed()
    } else if (status === 'error') {
      failed++
      statistics.ended()
      // Of one that is tried again by itself the first failure is news, and the last one.
      const { retryAt, autoRetries } = row
      if (retryAt === null || autoRetries <= 1) webhooks.notify('download.failed', downloadOf(entry, view))
    } else if (status === 'cancelled') statistics.ended()
    pump()
  }

  function settingsChanged(now: Settings, before: Settings): void {
    log.setLevel(now.logLevel)
    events.settings(now)
    if (needsNewEngine(now, before)) {
      for (const entry of [...ledger.with('active')]) runs.leave(entry, 'requeue', {}, 'the settings changed')
      const released = runs.settled()
      desk.background(engine.replace(now, released), 'the engine could not be opened again')
      desk.background(puller.replace(released), 'the access to registries could not be closed')
      desk.background(llama.replace(released), 'the access to GitHub could not be closed')
    }
    limits.apply()
    autoClear.plan()
    desk.background(disk.lookNow().then(pump), 'the disk could not be looked at')
  }

  function diskMatters(): boolean {
    if (closing) return false
    return (
      runs.size > 0 ||
      disk.low() ||
      ledger
        .with('queued')
        .values()
        .some((entry) => entry.needsSpace > 0)
    )
  }

  function diskLooked(changed: boolean): void {
    if (changed && disk.low()) {
      log.warn({ free: disk.free() }, 'the disk is nearly full, downloads wait')
      events.warning(null, 'low-disk', 'The disk is nearly full. Downloads wait until there is space.')
    }
    if (changed) events.refresh()
    if (changed || diskMatters()) pump()
  }

  return {
    desk,
    fetching,
    models,
    moveFile: createFileMover(desk),
    shelf,
    runs,
    actions,
    adding,
    bulk,
    statistics,
    checks,
    settings,
    webhooks,
    schedules,
    desktop: createDesktop(folder, options.reachable),
    storeProblem: async () => writing.problem() ?? (await storeWatch.look()),
    failures: () => failed,
    /** Seconds. */
    uptime: () => Math.round((clock.now() - startedAt) / 1000),
    beginClosing: () => {
      closing = true
    },
    /** What ends before the transfers are stopped, and what ends after. */
    closeFirst: [queue, limits, disk, autoClear, checks, validation, models, shelf, storeWatch, ticker, schedules].map(
      ({ close }) => close,
    ),
    closeLast: [
      hook.close,
      webhooks.close,
      () => writing.close(),
      statistics.close,
      puller.close,
      llama.close,
      engine.close,
      () => store.close(),
    ],
  }
}

/** Those added together have one time. */
function byAge({ row: a }: Entry, { row: b }: Entry): number {
  return a.addedAt === b.addedAt ? a.position - b.position : a.addedAt < b.addedAt ? -1 : 1
}
