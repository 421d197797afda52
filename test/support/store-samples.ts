import fc from 'fast-check'
import type { HistoryEntry, HistoryQuery, HistorySort, StoredDownload } from '../../src/store/types.ts'

export function download(id: string, changes: Partial<StoredDownload> = {}): StoredDownload {
  return {
    id,
    reference: 'https://example.com/a.zip',
    url: 'https://example.com/a.zip',
    filename: '',
    chosenName: null,
    dir: '/downloads',
    path: '',
    kind: 'http',
    host: 'example.com',
    status: 'queued',
    priority: 5,
    position: 1,
    bytesDone: 0,
    bytesTotal: null,
    activeSeconds: 0,
    retries: 0,
    verdict: null,
    digests: {},
    error: null,
    addedAt: '2026-03-01T10:00:00.000Z',
    startedAt: null,
    completedAt: null,
    startAt: null,
    retryAt: null,
    autoRetries: 0,
    options: {},
    timeline: [],
    secret: null,
    files: [],
    ...changes,
  }
}

/** A download with something in every field. */
export const fullDownload: StoredDownload = {
  id: 'dl-00ff00ff00ff00ff',
  reference: 'hf:org/modell "größe" 100%_\u202e',
  url: "https://example.com/o'brien?a=1&b=%00",
  filename: '模型-🦜.gguf',
  chosenName: 'sub/模型-🦜.gguf',
  dir: '/srv/data folder',
  path: '/srv/data folder/sub/模型-🦜.gguf',
  kind: 'hf',
  host: 'example.com',
  status: 'paused',
  priority: 10,
  position: -2.5,
  bytesDone: 2 ** 40 + 1,
  bytesTotal: Number.MAX_SAFE_INTEGER,
  activeSeconds: 12.75,
  retries: 3,
  verdict: 'verified',
  digests: { sha256: 'ab'.repeat(32), md5: 'cd'.repeat(16) },
  error: { code: 'stalled', message: 'No bytes came.', hint: 'Wait.', retryable: true },
  addedAt: '2026-03-01T10:00:00.000Z',
  startedAt: '2026-03-01T10:00:01.000Z',
  completedAt: '2026-03-01T10:00:02.000Z',
  startAt: '2026-03-02T10:00:00.000Z',
  retryAt: '2026-03-01T11:00:00.000Z',
  autoRetries: 2,
  options: {
    checksums: ['sha256:ab'],
    mirrors: ['https://m.example/a'],
    retries: 0,
    ifExists: 'skip',
    userAgent: 'x',
    model: {
      registry: 'http://127.0.0.1:5000',
      platform: 'linux/arm64',
      concurrency: 8,
      target: 'zip',
      keepStaging: true,
    },
  },
  timeline: [
    { at: '2026-03-01T10:00:00.000Z', event: 'created' },
    { at: '2026-03-01T10:00:01.000Z', event: 'retry', detail: '"\\\u0000' },
  ],
  secret: new Uint8Array([0, 1, 255, 0]),
  files: [
    {
      title: 'Lizenz "größe"',
      path: '/srv/models/blobs/sha256-ab',
      digest: `sha256:${'ab'.repeat(32)}`,
      mediaType: 'application/vnd.ollama.image.license',
      bytesDone: 0,
      bytesTotal: 0,
      status: 'completed',
      verdict: 'verified',
    },
    {
      title: 'model',
      path: '/srv/models/.sluice/partial/sha256-cd',
      digest: `sha256:${'cd'.repeat(32)}`,
      mediaType: 'application/vnd.ollama.image.model',
      bytesDone: 2 ** 40 + 1,
      bytesTotal: Number.MAX_SAFE_INTEGER,
      status: 'active',
      verdict: null,
    },
  ],
}

export function entry(id: string, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id,
    reference: 'https://example.com/a.zip',
    url: 'https://example.com/a.zip',
    filename: 'a.zip',
    path: '/downloads/a.zip',
    kind: 'http',
    host: 'example.com',
    type: 'zip',
    status: 'completed',
    fileSize: 100,
    downloadedAt: '2026-03-01T10:00:00.000Z',
    startedAt: null,
    duration: 2,
    speed: 50,
    verdict: 'length-only',
    digests: {},
    error: null,
    ...changes,
  }
}

export const anyQuery: HistoryQuery = { sort: 'date', descending: true, limit: 50, offset: 0 }

/** Few different values, so that ties, filters with results and empty ones all occur; some are hostile. */
const fragments = [
  'a',
  'B',
  'ab',
  'aBc',
  '%',
  '_',
  '\\',
  '"',
  "'",
  '*',
  '-',
  ' ',
  'é',
  'É',
  '🦜',
  'zip',
  '.',
  '/',
  '\u0001',
  'OR',
  'xyz',
]
const text = fc.array(fc.constantFrom(...fragments), { maxLength: 6 }).map((parts) => parts.join(''))
const searched = fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))
const type = fc.constantFrom('zip', 'tar.gz', 'unknown')
const host = fc.constantFrom(
  'a.example',
  'a.example:8080',
  'a.example:9',
  'b.example',
  'b.example.org:80',
  'b.example;1',
)
const kind = fc.constantFrom('http', 'hf')
const status = fc.constantFrom('completed' as const, 'error' as const, 'cancelled' as const)
const size = fc.constantFrom(0, 1, 99, 100, 2 ** 40)
const moment = fc.integer({ min: 0, max: 20 }).map((hours) => new Date(Date.UTC(2026, 2, 1, hours)).toISOString())
const sort = fc.constantFrom<HistorySort[]>('date', 'name', 'size', 'speed', 'duration', 'status', 'host', 'type')

/** Entries; ids repeat, as a download that ends again replaces its entry. */
export const entries: fc.Arbitrary<HistoryEntry[]> = fc.array(
  fc.record(
    {
      id: fc.integer({ min: 0, max: 30 }).map((number) => `dl-${number}`),
      reference: text,
      url: text,
      filename: text,
      path: text,
      kind,
      host,
      type,
      status,
      fileSize: fc.option(size),
      downloadedAt: moment,
      startedAt: fc.option(moment),
      duration: fc.constantFrom(0, 0.5, 3),
      speed: fc.constantFrom(0, 1.25, 1e9),
      verdict: fc.constantFrom('verified' as const, 'length-only' as const, null),
      digests: fc.constant({}),
      error: fc.constant(null),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 40 },
)

export const queries: fc.Arbitrary<HistoryQuery> = fc.record(
  {
    search: searched,
    status: fc.array(status, { maxLength: 3 }),
    type,
    host,
    kind,
    minSize: size,
    maxSize: size,
    since: moment,
    until: moment,
    sort,
    descending: fc.boolean(),
    limit: fc.integer({ min: 1, max: 12 }),
    offset: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: ['sort', 'descending', 'limit', 'offset'], noNullPrototype: true },
)
