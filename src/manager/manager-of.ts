import { SluiceError } from '../core/errors.ts'
import { redactUrl } from '../core/url.ts'
import { isBareName } from '../core/bare-name.ts'
import { readBatch } from '../core/batch-text.ts'
import { itemOf, requestOfEntry, requestOfHistory } from './again.ts'
import { checkRequest } from './check-request.ts'
import type { CheckedRequest } from './check-request.ts'
import { closeManager } from './close-manager.ts'
import type { Entry } from './entry.ts'
import { filesOf } from './files-view.ts'
import { requestOf } from './file-request.ts'
import { healthOf, metricsOf } from './health.ts'
import { historyText } from './history-export.ts'
import { firstDownloads, listDownloads } from './lists.ts'
import { findBuilds } from './llama/find-builds.ts'
import { previewRelease } from './release/preview-release.ts'
import type { RequestPreview } from './release/types.ts'
import { exportQueue, readQueueFile } from './queue-file.ts'
import type { Works } from './set-up.ts'
import type { AddRequest, BatchResult, DownloadDetail, Manager } from './types.ts'
import type { PullPreview, RemovedModel, UnzippedModels } from '../models/types.ts'
import type { HistoryEntry } from '../store/types.ts'
import type { Preview } from '../transfer/types.ts'
import { downloadOf } from './view.ts'

/** The manager as others see it: plain values out, SluiceErrors for what is not possible. */
export function managerOf(works: Works): Manager {
  const { desk, runs, actions, adding, bulk, settings, statistics, webhooks, schedules } = works
  const { ledger, events, store, folder, view } = desk
  let closed: Promise<void> | null = null

  /** Does something to one download; resolves when the store has it. */
  async function act(id: string, action: (entry: Entry) => Promise<void> | void): Promise<void> {
    refuseWhenClosing()
    await action(ledger.get(id))
    await ledger.written()
  }

  function refuseWhenClosing(): void {
    if (desk.closing()) throw new SluiceError('stopping', 'The daemon is stopping.')
  }

  async function whileOpen<T>(work: () => Promise<T>): Promise<T> {
    refuseWhenClosing()
    return work()
  }

  async function addMany(
    items: ReadonlyArray<AddRequest & { readonly line: number }>,
    errors: BatchResult['errors'] = [],
  ): Promise<BatchResult> {
    refuseWhenClosing()
    return adding.addMany(
      items.map(({ line, ...request }) => ({ line, request })),
      errors,
    )
  }

  async function add(request: AddRequest) {
    refuseWhenClosing()
    return adding.add(request)
  }

  async function detail(id: string): Promise<DownloadDetail> {
    const entry = ledger.get(id)
    await works.checks.check(entry)
    const { segments, connections } = await works.fetching.inspect(entry)
    return {
      ...downloadOf(entry, view),
      files: filesOf(entry.row),
      segments,
      connectionDetails: connections,
      timeline: entry.row.timeline,
    }
  }

  async function preview(request: AddRequest) {
    const checked = checkRequest(request, desk)
    const same = desk.duplicates.find(checked)
    return {
      ...(await previewOf(checked)),
      reference: checked.reference,
      kind: checked.kind,
      ...(same ? { duplicateOf: same.id } : {}),
    }
  }

  function previewOf(checked: CheckedRequest): Promise<Omit<RequestPreview, 'kind'>> {
    if (checked.kind === 'release') return previewRelease(desk, checked)
    return checked.kind === 'http' ? previewFile(checked) : previewAsFile(checked)
  }

  async function previewFile(checked: CheckedRequest): Promise<Preview> {
    const dir = await folder.resolve(checked.dir)
    const engine = await desk.engine()
    const found = await engine.preview(requestOf(checked, checked.hidden ?? {}, dir, settings.now()))
    return { ...found, url: redactUrl(found.url) }
  }

  /** A model, or libraries, as if they were one file. */
  async function previewAsFile(checked: CheckedRequest): Promise<Preview> {
    const { reference, url, filename } = checked
    const shown = { reference, url, filename, type: null, resumable: true }
    if (checked.kind === 'model') {
      const { bytesTotal: size } = await works.models.preview(checked)
      return { ...shown, size, digestKnown: true }
    }
    const { bytesTotal: size, files } = await findBuilds(desk, checked)
    return { ...shown, size, digestKnown: files.every(({ digest }) => digest !== '') }
  }

  async function previewModel(request: AddRequest, signal?: AbortSignal): Promise<PullPreview> {
    refuseWhenClosing()
    return works.models.preview(checkRequest({ ...request, kind: 'model' }, desk), signal)
  }

  async function removeModel(name: string): Promise<RemovedModel> {
    refuseWhenClosing()
    return works.models.remove(name)
  }

  async function unzipModel(file: string, signal?: AbortSignal): Promise<UnzippedModels> {
    refuseWhenClosing()
    return works.models.unzip(file, signal)
  }

  async function redownload(historyId: string) {
    const listed = ledger.find(historyId)
    if (listed) return add(requestOfEntry(listed, folder.root, desk.secrets))
    return add(requestOfHistory(await historyEntry(historyId), folder.root))
  }

  /** What has ended is in the history at once for whoever asks. That it could not be written is told elsewhere. */
  const kept = (): Promise<void> => ledger.written().catch(() => undefined)

  async function historyEntry(id: string): Promise<HistoryEntry> {
    await kept()
    const entry = await store.historyEntry(id)
    if (entry === null) throw noHistory()
    return entry
  }

  return {
    events: {
      snapshot: () => ({
        sequence: events.sequence,
        counts: ledger.counts(),
        speed: runs.speed(),
        downloads: firstDownloads(ledger, view),
        total: ledger.size,
        settings: settings.now(),
      }),
      since: events.since,
      listen: events.listen,
    },
    add,
    addMany: (items) => addMany(items.map((item, index) => ({ ...item, line: index + 1 }))),
    addText: async (text) => {
      const { items, errors } = readBatch(text)
      const bare = items.filter(({ reference }) => isBareName(reference))
      if (bare.length === 0) return addMany(items, errors)
      const others = items.filter(({ reference }) => !isBareName(reference))
      return addMany(others, [...errors, ...bare.map(noAddress)])
    },
    list: (query) => listDownloads(ledger, query, view),
    get: detail,
    newest() {
      const entry = Array.from(ledger.all()).at(-1)
      return entry === undefined ? null : downloadOf(entry, view)
    },
    pause: (id) => act(id, actions.pause),
    resume: (id) => act(id, actions.resume),
    cancel: (id) => act(id, actions.cancel),
    retry: (id) => act(id, actions.retry),
    remove: (id, { deleteFile }) => act(id, (entry) => actions.remove(entry, deleteFile)),
    setPriority: (id, priority) => act(id, (entry) => actions.setPriority(entry, priority)),
    move: (id, to) => act(id, (entry) => actions.move(entry, to)),
    moveFile: async (id, request) => {
      await act(id, (entry) => works.moveFile(entry, request))
      return { id, path: ledger.get(id).row.path }
    },
    setLimit: (id, bytesPerSecond) => act(id, (entry) => actions.setLimit(entry, bytesPerSecond)),
    openFolder: async (id) => {
      const { row } = ledger.get(id)
      await works.desktop.open(row, await works.models.folderOf(row))
    },
    pauseAll: bulk.pauseAll,
    resumeAll: bulk.resumeAll,
    bulk: (action, ids, { deleteFile }) => bulk.bulk(action, ids, deleteFile),
    preview,
    models: works.models.list,
    model: works.models.get,
    verifyModel: works.models.verify,
    removeModel,
    unzipModel,
    previewModel,
    llamaReleases: works.shelf.releases,
    llamaCache: works.shelf.cache,
    verifyLlama: works.shelf.verify,
    cleanLlama: (selection) => whileOpen(() => works.shelf.clean(selection)),
    pruneLlama: (keep) => whileOpen(() => works.shelf.prune(keep)),
    llamaHardware: works.shelf.hardware,
    loadLlama: (wanted, signal) => whileOpen(() => works.shelf.load(wanted, signal)),
    exportQueue: (format) => {
      const open = ledger.inOrder().filter(({ row }) => row.status !== 'completed' && row.status !== 'cancelled')
      return exportQueue(
        open.map((entry) => itemOf(entry, folder.root)),
        format,
      )
    },
    importQueue: async (text, format) => {
      const { items, errors } = readQueueFile(text, format)
      return addMany(items, errors)
    },
    statistics: async () => statistics.now(),
    history: async (query) => {
      await kept()
      return store.queryHistory(query)
    },
    historyEntry,
    exportHistory: (query, format) => historyText(store.exportHistory(query), format),
    removeHistory: async (id) => {
      if (!(await store.removeHistory(id))) throw noHistory()
    },
    redownload,
    settings: settings.now,
    changeSettings: settings.change,
    resetSettings: settings.reset,
    schedules: async () => schedules.list(),
    addSchedule: schedules.add,
    changeSchedule: schedules.change,
    removeSchedule: schedules.remove,
    webhooks: async () => webhooks.list(),
    addWebhook: webhooks.add,
    changeWebhook: webhooks.change,
    removeWebhook: webhooks.remove,
    testWebhook: webhooks.test,
    health: async () => healthOf(desk, runs, await works.storeProblem(), works.uptime(), works.desktop.canOpen),
    metrics: () => metricsOf(desk, runs, statistics.now(), works.failures(), works.uptime()),
    close: () => (closed ??= closeManager(works)),
  }
}

function noAddress({ line }: { readonly line: number }): BatchResult['errors'][number] {
  const message =
    'A name alone is no address. In a list a model needs its tag, as in model:tag, a release as in owner/repo@tag.'
  return { line, code: 'bad-url', message }
}

function noHistory(): SluiceError {
  return new SluiceError('not-found', 'There is no entry of this id in the history.', {
    hint: 'GET /api/history or sluice history shows the ids.',
  })
}
