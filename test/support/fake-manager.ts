import { changedSettings, defaultSettings } from '../../src/config/settings.ts'
import { SluiceError } from '../../src/core/errors.ts'
import type {
  Download,
  DownloadDetail,
  Manager,
  ManagerEvent,
  ManagerLog,
  Schedule,
  Webhook,
} from '../../src/manager/types.ts'
import type { InstalledModel, PullPreview } from '../../src/models/types.ts'
import type { HistoryEntry } from '../../src/store/types.ts'
import { fakeLlama } from './fake-llama.ts'

/** The one download that the fake knows, and its entry in history. */
export const knownId = 'dl-0123456789abcdef'

export const sampleDownload: Download = {
  id: knownId,
  reference: 'http://files.test/a.bin',
  url: 'http://files.test/a.bin',
  filename: 'a.bin',
  path: '/files/a.bin',
  kind: 'http',
  host: 'files.test',
  type: 'bin',
  status: 'active',
  priority: 5,
  position: 1,
  bytesDone: 333,
  bytesTotal: 1000,
  speed: 10,
  eta: 66.7,
  connections: 1,
  retries: 0,
  maxRetries: 5,
  speedLimit: null,
  verdict: null,
  digests: { sha256: 'ab' },
  error: { code: 'dns', message: 'No such host.', hint: 'Check it.', retryable: true },
  addedAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  completedAt: null,
  startAt: null,
  retryAt: null,
  activeSeconds: 33,
  missing: false,
  waitingFor: null,
  target: null,
  files: [
    {
      title: 'a.bin',
      path: '/files/a.bin',
      digest: null,
      mediaType: null,
      bytesDone: 333,
      bytesTotal: 1000,
      status: 'active',
      verdict: null,
      digests: {},
    },
  ],
}

const detail: DownloadDetail = {
  ...sampleDownload,
  segments: [{ start: 0, end: null, done: 333, active: true }],
  connectionDetails: [{ host: 'files.test', start: 0, end: 1000, position: 333, speed: 10, state: 'receiving' }],
  timeline: [
    { at: '2026-01-01T00:00:00.000Z', event: 'created' },
    { at: '2026-01-01T00:00:01.000Z', event: 'retry', detail: 'x' },
  ],
}

const sampleEntry: HistoryEntry = {
  id: knownId,
  reference: 'http://files.test/a.bin',
  url: 'http://files.test/a.bin',
  filename: 'a.bin',
  path: '/files/a.bin',
  kind: 'http',
  host: 'files.test',
  type: 'bin',
  status: 'completed',
  fileSize: 1000,
  downloadedAt: '2026-01-01T00:01:00.000Z',
  startedAt: '2026-01-01T00:00:00.000Z',
  duration: 60,
  speed: 16.7,
  verdict: 'length-only',
  digests: {},
  error: null,
}

/** The one model that it knows. */
export const sampleModel = {
  name: 'llama3.2:1b',
  fullName: 'registry.ollama.ai/library/llama3.2:1b',
  id: 'ab'.repeat(32),
  size: 1500,
  modifiedAt: '2026-01-01T00:00:00.000Z',
  manifestPath: '/models/manifests/registry.ollama.ai/library/llama3.2/1b',
  family: 'llama',
  parameters: '1.2B',
  quantization: null,
  blobs: [{ digest: `sha256:${'cd'.repeat(32)}`, size: 1500, mediaType: 'application/vnd.ollama.image.model' }],
  missing: [],
} as const satisfies InstalledModel

const samplePullPreview: PullPreview = {
  name: sampleModel.name,
  manifestDigest: `sha256:${sampleModel.id}`,
  platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
  target: { kind: 'store', dir: '/models' },
  bytesTotal: 1500,
  bytesHere: 500,
  bytesMissing: 1000,
  freeSpace: null,
  files: [
    {
      title: 'model',
      path: '/models/.sluice/partial/sha256-cd',
      digest: sampleModel.blobs[0].digest,
      mediaType: sampleModel.blobs[0].mediaType,
      bytesDone: 500,
      bytesTotal: 1500,
      status: 'queued',
      verdict: null,
      alreadyThere: false,
      url: 'https://registry.ollama.ai/v2/library/llama3.2/blobs/sha256:cd',
    },
  ],
}

const schedule: Schedule = {
  id: 'sc-1',
  name: 'nightly',
  cron: '0 3 * * *',
  request: { reference: 'http://files.test/nightly' },
  enabled: true,
  lastRun: null,
  nextRun: '2026-01-02T03:00:00.000Z',
}

const webhook: Webhook = {
  id: 'wh-1',
  url: 'http://hooks.test/',
  events: ['download.completed'],
  enabled: true,
  headerNames: ['X-Key'],
  hasSecret: true,
  lastDelivery: null,
}

export interface FakeManager extends Manager {
  /** Calls with their arguments, in order; questions for state are not among them. */
  readonly calls: ReadonlyArray<readonly [name: string, ...args: unknown[]]>
  /** Sends an event to all who listen; its sequence number is the next one. */
  emit(event: Parameters<typeof withSequence>[1]): void
  readonly listeners: number
}

type WithoutSequence<T> = T extends unknown ? Omit<T, 'sequence'> : never

function withSequence(sequence: number, event: WithoutSequence<ManagerEvent>): ManagerEvent {
  return { sequence, ...event }
}

/** A manager without files, database or network: it knows `knownId`, notes what it is asked to do, and lets tests script the rest. */
export function fakeManager(script: Partial<Manager> = {}): FakeManager {
  const calls: Array<readonly [string, ...unknown[]]> = []
  const listeners = new Set<(event: ManagerEvent) => void>()
  const ring: ManagerEvent[] = []
  let sequence = 100
  let settings = defaultSettings
  const note = (name: string, ...args: unknown[]): void => void calls.push([name, ...args])
  const known = async (name: string, id: string, ...args: unknown[]): Promise<void> => {
    if (!new Set<string>([knownId, schedule.id, webhook.id, sampleModel.name]).has(id))
      throw new SluiceError('not-found', `There is no download ${id}.`)
    note(name, id, ...args)
  }
  const counts = { created: 0, validating: 0, queued: 0, active: 1, paused: 0, completed: 0, error: 0, cancelled: 0 }
  return {
    calls,
    get listeners() {
      return listeners.size
    },
    emit(event) {
      sequence += 1
      const whole = withSequence(sequence, event)
      ring.push(whole)
      for (const listener of listeners) listener(whole)
    },
    events: {
      snapshot: () => ({ sequence, counts, speed: 10, downloads: [sampleDownload], total: 1, settings }),
      since: (after) => (after < 100 || after > sequence ? null : ring.filter((event) => event.sequence > after)),
      listen(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    async add(request) {
      note('add', request)
      return { id: knownId }
    },
    async addMany(items) {
      note('addMany', items)
      return { added: items.map(() => knownId), errors: [], skipped: [] }
    },
    async addText(text) {
      note('addText', text)
      return {
        added: [knownId],
        errors: [{ line: 4, code: 'bad-url', message: 'No address.' }],
        skipped: [{ line: 5, id: knownId }],
      }
    },
    list(query) {
      note('list', query)
      return { downloads: [sampleDownload], total: 1 }
    },
    async get(id) {
      await known('get', id)
      return detail
    },
    newest: () => sampleDownload,
    pause: (id) => known('pause', id),
    resume: (id) => known('resume', id),
    cancel: (id) => known('cancel', id),
    retry: (id) => known('retry', id),
    remove: (id, options) => known('remove', id, options),
    setPriority: (id, priority) => known('setPriority', id, priority),
    move: (id, to) => known('move', id, to),
    async moveFile(id, request) {
      await known('moveFile', id, request)
      return { id, path: '/files/sub/a.bin' }
    },
    setLimit: (id, bytesPerSecond) => known('setLimit', id, bytesPerSecond),
    openFolder: (id) => known('openFolder', id),
    pauseAll: async () => ({ done: [knownId], failed: [] }),
    resumeAll: async () => ({ done: [knownId], failed: [] }),
    async bulk(action, ids, options) {
      note('bulk', action, ids, options)
      return { done: [], failed: [{ id: knownId, code: 'wrong-state', message: 'It is completed.' }] }
    },
    async preview(request) {
      note('preview', request)
      const { reference, url, filename } = sampleDownload
      const kind = 'http'
      return {
        reference,
        url,
        filename,
        size: null,
        type: 'application/zip',
        resumable: true,
        digestKnown: false,
        kind,
      }
    },
    async models(query) {
      note('models', query)
      const { blobs: _, ...listed } = sampleModel
      return { models: [listed], dir: '/models', total: 1, size: 1500 }
    },
    async model(name) {
      await known('model', name)
      return sampleModel
    },
    async verifyModel(name) {
      await known('verifyModel', name)
      return { name, verdict: 'damaged', problems: [{ digest: sampleModel.blobs[0].digest, problem: 'size' }] }
    },
    async removeModel(name) {
      await known('removeModel', name)
      return { name, blobs: 2, bytes: 1500 }
    },
    async unzipModel(file) {
      note('unzipModel', file)
      return { models: [sampleModel.name], target: '/models', blobs: 2, bytes: 1500 }
    },
    async previewModel(request) {
      note('previewModel', request)
      return samplePullPreview
    },
    ...fakeLlama(note),
    exportQueue: (format) => (format === 'json' ? '{"downloads":[]}' : 'http://files.test/a.bin\n'),
    async importQueue(text, format) {
      note('importQueue', text, format)
      return { added: [], errors: [], skipped: [] }
    },
    statistics: async () => ({
      totalFiles: 1,
      totalBytes: 2,
      totalTime: 3,
      averageSpeed: 0.7,
      todayFiles: 1,
      todayBytes: 2,
      week: [{ date: '2026-01-01', files: 1, bytes: 2 }],
      topDomains: { 'files.test': 2 },
      fileTypeStats: { bin: 1 },
      sessionFiles: 1,
      sessionBytes: 2,
      speed: 10,
      counts,
    }),
    async history(query) {
      note('history', query)
      return { entries: [sampleEntry], total: 1, totalIsExact: true }
    },
    async *exportHistory(query, format) {
      note('exportHistory', query, format)
      yield 'one\r\n'
      yield 'two\r\n'
    },
    async historyEntry(id) {
      await known('historyEntry', id)
      return sampleEntry
    },
    removeHistory: (id) => known('removeHistory', id),
    async redownload(id) {
      await known('redownload', id)
      return { id: 'dl-ffffffffffffffff', duplicateOf: id }
    },
    settings: () => settings,
    async changeSettings(change) {
      return (settings = changedSettings(settings, change))
    },
    resetSettings: async () => (settings = defaultSettings),
    schedules: async () => [schedule],
    async addSchedule(input) {
      note('addSchedule', input)
      return schedule
    },
    async changeSchedule(id, input) {
      await known('changeSchedule', id, input)
      return schedule
    },
    removeSchedule: (id) => known('removeSchedule', id),
    webhooks: async () => [webhook],
    async addWebhook(input) {
      note('addWebhook', input)
      return webhook
    },
    async changeWebhook(id, input) {
      await known('changeWebhook', id, input)
      return webhook
    },
    removeWebhook: (id) => known('removeWebhook', id),
    async testWebhook(id) {
      await known('testWebhook', id)
      return { ok: true, message: 'It answered 200.' }
    },
    health: async () => ({
      status: 'ok',
      version: '1.2.3',
      uptime: 4.5,
      active: 1,
      queued: 0,
      database: 'sqlite /data/downloads.db',
      freeSpace: null,
      problems: [],
      canOpenFolders: true,
    }),
    metrics: () => [
      { name: 'sluice_downloads', help: 'Downloads by status.', type: 'gauge', value: 1, labels: { status: 'active' } },
      { name: 'sluice_bytes_total', help: 'Bytes fetched.', type: 'counter', value: 1e21 },
    ],
    async close() {
      note('close')
    },
    ...script,
  }
}

/** Keeps what is logged. */
export function keptLog(): ManagerLog & {
  readonly lines: ReadonlyArray<readonly [level: string, fields: object, message: string]>
} {
  const lines: Array<readonly [string, object, string]> = []
  return {
    lines,
    error: (fields, message) => void lines.push(['error', fields, message]),
    warn: (fields, message) => void lines.push(['warn', fields, message]),
    info: (fields, message) => void lines.push(['info', fields, message]),
    debug: (fields, message) => void lines.push(['debug', fields, message]),
    setLevel: (level) => void lines.push(['level', {}, level]),
  }
}
