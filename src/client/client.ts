import { SluiceError } from '../core/errors.ts'
import { createConnection } from './connection.ts'
import type { Call, ClientOptions } from './connection.ts'
import { followEvents } from './events.ts'
import type { DaemonEvent, EventOptions } from './events.ts'
import { notSluice } from './failure.ts'
import type * as t from '../server/api-types.ts'

export interface ListFilter {
  readonly status?: readonly string[]
  readonly search?: string
  readonly type?: string
  readonly host?: string
  readonly minSize?: number
  readonly maxSize?: number
  readonly since?: string
  readonly until?: string
  readonly sort?: t.ListSort
  readonly order?: 'asc' | 'desc'
  readonly limit?: number
  readonly offset?: number
}

export interface HistoryFilter {
  readonly search?: string
  readonly status?: readonly string[]
  readonly type?: string
  readonly host?: string
  readonly kind?: string
  readonly minSize?: number
  readonly maxSize?: number
  readonly since?: string
  readonly until?: string
  readonly sort?: t.HistorySort
  readonly order?: 'asc' | 'desc'
  readonly limit?: number
  readonly offset?: number
}

export interface ModelFilter {
  readonly search?: string
  readonly sort?: t.ModelSort
  readonly order?: 'asc' | 'desc'
}

export type Action = 'pause' | 'resume' | 'cancel' | 'retry'

/** The API of a daemon as functions. All reject with a SluiceError: the daemon's own, or one of the network. */
export interface Client {
  /** Of the daemon, for messages. */
  readonly address: string
  add(request: t.AddRequest): Promise<t.Added>
  addMany(items: readonly t.AddRequest[]): Promise<t.BatchResult>
  addText(text: string): Promise<t.BatchResult>
  list(filter?: ListFilter, signal?: AbortSignal): Promise<t.DownloadList>
  get(id: string): Promise<t.DownloadDetail>
  act(action: Action, id: string): Promise<void>
  remove(id: string, options?: { readonly deleteFile: boolean }): Promise<void>
  setPriority(id: string, priority: number): Promise<void>
  move(id: string, to: 'top' | 'bottom' | number): Promise<void>
  moveFile(id: string, request: t.MoveFileRequest): Promise<{ readonly id: string; readonly path: string }>
  setLimit(id: string, bytesPerSecond: number): Promise<void>
  /** Shows the folder of a finished file on the desktop of the daemon's machine, which must be this one. */
  openFolder(id: string): Promise<void>
  pauseAll(): Promise<t.BulkResult>
  resumeAll(): Promise<t.BulkResult>
  bulk(action: t.BulkAction, ids: readonly string[], options?: { readonly deleteFile: boolean }): Promise<t.BulkResult>
  preview(request: t.AddRequest, signal?: AbortSignal): Promise<t.Preview>
  /** One download with the blobs of a model as its files. */
  pull(input: t.PullInput): Promise<t.Added>
  previewPull(input: t.PullInput, signal?: AbortSignal): Promise<t.PullPreview>
  /** Those that are installed. */
  models(filter?: ModelFilter, signal?: AbortSignal): Promise<t.ModelList>
  /** A name as shown, or full; so for the others, too. */
  model(name: string): Promise<t.InstalledModel>
  /** Takes as long as reading all its blobs; aborting ends it at the daemon, too. */
  verifyModel(name: string, signal?: AbortSignal): Promise<t.ModelCheck>
  removeModel(name: string): Promise<t.RemovedModel>
  /** Takes as long as unpacking it. `file` is a path below the daemon's folder. */
  unzipModel(file: string, signal?: AbortSignal): Promise<t.UnzippedModels>
  llamaReleases(limit?: number, signal?: AbortSignal): Promise<t.LlamaReleases>
  /** One download with the builds as its files. */
  downloadLlama(input: t.LlamaInput): Promise<t.Added>
  /** The libraries that are on the daemon's machine. */
  llamaCache(signal?: AbortSignal): Promise<t.LlamaCache>
  /** Takes as long as reading all their files; aborting ends it at the daemon, too. */
  verifyLlama(selection?: t.LlamaSelection, signal?: AbortSignal): Promise<t.LlamaChecks>
  /** Without a selection: all. */
  cleanLlama(selection?: t.LlamaSelection): Promise<{ readonly bytes: number }>
  pruneLlama(keep: number): Promise<t.LlamaPruned>
  llamaHardware(signal?: AbortSignal): Promise<t.LlamaHardware>
  /** In a process of their own, which takes up to half a minute. */
  loadLlama(wanted?: Pick<t.LlamaSelection, 'version' | 'variant'>, signal?: AbortSignal): Promise<t.LlamaLoaded>
  statistics(): Promise<t.Statistics>
  history(filter?: HistoryFilter, signal?: AbortSignal): Promise<t.HistoryPage>
  /** The text piece by piece, as it arrives. */
  exportHistory(format: 'json' | 'csv', filter?: HistoryFilter, signal?: AbortSignal): AsyncGenerator<string>
  historyEntry(id: string): Promise<t.HistoryEntry>
  removeHistory(id: string): Promise<void>
  redownload(historyId: string): Promise<t.Added>
  settings(): Promise<t.Settings>
  changeSettings(change: object): Promise<t.Settings>
  resetSettings(): Promise<t.Settings>
  exportQueue(format: 'json' | 'text'): Promise<string>
  importQueue(text: string, format: 'json' | 'text'): Promise<t.BatchResult>
  schedules(): Promise<readonly t.Schedule[]>
  addSchedule(input: t.ScheduleInput): Promise<t.Schedule>
  changeSchedule(id: string, input: t.ScheduleInput): Promise<t.Schedule>
  removeSchedule(id: string): Promise<void>
  webhooks(): Promise<readonly t.Webhook[]>
  addWebhook(input: t.WebhookInput): Promise<t.Webhook>
  changeWebhook(id: string, input: t.WebhookInput): Promise<t.Webhook>
  removeWebhook(id: string): Promise<void>
  testWebhook(id: string): Promise<{ readonly ok: boolean; readonly message: string }>
  /** The OpenAPI document of this API. */
  document(): Promise<Readonly<Record<string, unknown>>>
  /** Only the status where the token is missing. */
  health(): Promise<Pick<t.Health, 'status'> & Partial<t.Health>>
  /** A snapshot, then what changes; reconnects by itself until the signal is aborted, which ends it quietly. */
  events(options: EventOptions): AsyncGenerator<DaemonEvent>
}

/** Throws for an address that is none. Nothing is sent before the first call. */
export function createClient(options: ClientOptions): Client {
  const connection = createConnection(options)

  /** An object with these fields; a field that must be a list is checked to be one, so that callers may walk it. */
  async function ask<T>(
    method: string,
    path: string,
    call: Call,
    ...lists: ReadonlyArray<keyof T & string>
  ): Promise<T> {
    const value = await connection.json(method, path, call)
    if (typeof value !== 'object' || value === null) throw notSluice('not the expected JSON', connection.address)
    const fields = value as Readonly<Record<string, unknown>>
    for (const name of lists) {
      if (!Array.isArray(fields[name])) throw notSluice(`no ${name} in the answer`, connection.address)
    }
    return value as T
  }
  const tell = async (method: string, path: string, call: Call = {}): Promise<void> => {
    await connection.json(method, path, call)
  }
  const one = (id: string): string => `/api/download/${segment(id)}`
  const model = (name: string): string => `/api/models/${nameSegment(name)}`

  return {
    address: connection.address,
    add: (request) => ask('POST', '/api/download/add', { body: request }),
    addMany: (items) => ask<t.BatchResult>('POST', '/api/downloads/batch', { body: { items } }, 'added', 'errors'),
    addText: (text) => ask<t.BatchResult>('POST', '/api/downloads/batch', { body: text }, 'added', 'errors'),
    list: (filter = {}, signal) =>
      ask<t.DownloadList>('GET', '/api/downloads', { query: { ...filter }, ...given(signal) }, 'downloads'),
    get: async (id) => ask('GET', one(id), {}),
    act: async (action, id) => tell('POST', `${one(id)}/${action}`),
    remove: async (id, { deleteFile } = { deleteFile: false }) => tell('DELETE', one(id), { query: { deleteFile } }),
    setPriority: async (id, priority) => tell('POST', `${one(id)}/priority`, { body: { priority } }),
    move: async (id, to) => tell('POST', `${one(id)}/move`, { body: { to } }),
    // A copy to another disk takes its time.
    moveFile: (id, request) => ask('POST', `${one(id)}/move-file`, { body: request, timeout: Infinity }),
    setLimit: async (id, bytesPerSecond) => tell('POST', `${one(id)}/limit`, { body: { bytesPerSecond } }),
    openFolder: async (id) => tell('POST', `${one(id)}/open-folder`),
    pauseAll: () => ask<t.BulkResult>('POST', '/api/downloads/pause-all', {}, 'done', 'failed'),
    resumeAll: () => ask<t.BulkResult>('POST', '/api/downloads/resume-all', {}, 'done', 'failed'),
    bulk: (action, ids, { deleteFile } = { deleteFile: false }) =>
      ask<t.BulkResult>('POST', '/api/downloads/bulk', { body: { action, ids, deleteFile } }, 'done', 'failed'),
    preview: (request, signal) => ask('POST', '/api/preview', { body: request, ...(signal ? { signal } : {}) }),
    pull: (input) => ask('POST', '/api/models/pull', { body: input }),
    previewPull: (input, signal) => ask('POST', '/api/models/preview', { body: input, ...given(signal) }),
    models: (filter = {}, signal) =>
      ask<t.ModelList>('GET', '/api/models', { query: { ...filter }, ...given(signal) }, 'models'),
    model: async (name) => ask<t.InstalledModel>('GET', model(name), {}, 'blobs', 'missing'),
    verifyModel: async (name, signal) =>
      ask<t.ModelCheck>('POST', `${model(name)}/verify`, { timeout: Infinity, ...given(signal) }, 'problems'),
    removeModel: async (name) => ask('DELETE', model(name), {}),
    unzipModel: (file, signal) =>
      ask<t.UnzippedModels>(
        'POST',
        '/api/models/unzip',
        { body: { file }, timeout: Infinity, ...given(signal) },
        'models',
      ),
    llamaReleases: (limit, signal) =>
      ask<t.LlamaReleases>(
        'GET',
        '/api/llama/releases',
        { query: limit === undefined ? {} : { limit }, timeout: Infinity, ...given(signal) },
        'releases',
        'warnings',
      ),
    downloadLlama: (input) => ask('POST', '/api/llama/download', { body: input }),
    llamaCache: (signal) => ask<t.LlamaCache>('GET', '/api/llama/cache', given(signal), 'trees'),
    verifyLlama: (selection = {}, signal) =>
      ask<t.LlamaChecks>(
        'POST',
        '/api/llama/verify',
        { body: selection, timeout: Infinity, ...given(signal) },
        'checks',
      ),
    cleanLlama: (selection = {}) => ask('DELETE', '/api/llama/cache', { query: { ...selection }, timeout: Infinity }),
    pruneLlama: (keep) =>
      ask<t.LlamaPruned>('POST', '/api/llama/prune', { body: { keep }, timeout: Infinity }, 'removed'),
    llamaHardware: (signal) => ask<t.LlamaHardware>('GET', '/api/llama/hardware', given(signal), 'plan', 'notes'),
    loadLlama: (wanted = {}, signal) =>
      ask<t.LlamaLoaded>(
        'POST',
        '/api/llama/load',
        { body: wanted, timeout: Infinity, ...given(signal) },
        'devices',
        'warnings',
      ),
    statistics: () => ask<t.Statistics>('GET', '/api/statistics', {}, 'week'),
    history: (filter = {}, signal) =>
      ask<t.HistoryPage>('GET', '/api/history', { query: { ...filter }, ...given(signal) }, 'entries'),
    async *exportHistory(format, filter = {}, signal) {
      const call = { query: { ...filter, format }, headers: { Accept: '*/*' }, ...given(signal) }
      yield* connection.pieces(await connection.open('GET', '/api/history/export', call))
    },
    historyEntry: async (id) => ask('GET', `/api/history/${segment(id)}`, {}),
    removeHistory: async (id) => tell('DELETE', `/api/history/${segment(id)}`),
    redownload: async (id) => ask('POST', `/api/history/${segment(id)}/redownload`, {}),
    settings: () => ask('GET', '/api/settings', {}),
    changeSettings: (change) => ask('PUT', '/api/settings', { body: change }),
    resetSettings: () => ask('POST', '/api/settings/reset', {}),
    async exportQueue(format) {
      const call = { query: { format }, headers: { Accept: '*/*' } }
      let text = ''
      for await (const piece of connection.pieces(await connection.open('GET', '/api/queue/export', call)))
        text += piece
      return text
    },
    importQueue: (text, format) =>
      ask<t.BatchResult>('POST', '/api/queue/import', { query: { format }, body: text }, 'added', 'errors'),
    schedules: async () =>
      (await ask<{ schedules: readonly t.Schedule[] }>('GET', '/api/schedules', {}, 'schedules')).schedules,
    addSchedule: (input) => ask('POST', '/api/schedules', { body: input }),
    changeSchedule: async (id, input) => ask('PUT', `/api/schedules/${segment(id)}`, { body: input }),
    removeSchedule: async (id) => tell('DELETE', `/api/schedules/${segment(id)}`),
    webhooks: async () =>
      (await ask<{ webhooks: readonly t.Webhook[] }>('GET', '/api/webhooks', {}, 'webhooks')).webhooks,
    addWebhook: (input) => ask('POST', '/api/webhooks', { body: input }),
    changeWebhook: async (id, input) => ask('PUT', `/api/webhooks/${segment(id)}`, { body: input }),
    removeWebhook: async (id) => tell('DELETE', `/api/webhooks/${segment(id)}`),
    testWebhook: async (id) => ask('POST', `/api/webhooks/${segment(id)}/test`, {}),
    document: () => ask('GET', '/api/openapi.json', {}),
    health: () => ask('GET', '/api/health', {}),
    events: (eventOptions) => followEvents(connection, eventOptions),
  }
}

function given(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

/** An id as a part of a path; what could lead to another route is refused. */
function segment(id: string): string {
  if (/^[\w-]{1,64}$/.test(id)) return id
  throw new SluiceError('usage', `"${id.slice(0, 40)}" is not an id.`, { hint: 'sluice list shows the ids.' })
}

/** A model as a part of a path. Encoded, no name but dots alone can lead to another route. */
function nameSegment(name: string): string {
  if (name !== '' && name.isWellFormed() && !/^\.+$/.test(name)) return encodeURIComponent(name)
  throw new SluiceError('usage', `"${name.slice(0, 40)}" is no name of a model.`, { hint: 'sluice models shows them.' })
}
