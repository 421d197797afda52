import { csvLine } from '../core/csv.ts'
import type { CsvValue } from '../core/csv.ts'
import type { HistoryEntry } from '../store/types.ts'

const chunkLength = 64 * 1024

const columns: Readonly<Record<string, (entry: HistoryEntry) => CsvValue>> = {
  id: (entry) => entry.id,
  filename: (entry) => entry.filename,
  status: (entry) => entry.status,
  fileSize: (entry) => entry.fileSize,
  type: (entry) => entry.type,
  host: (entry) => entry.host,
  kind: (entry) => entry.kind,
  url: (entry) => entry.url,
  reference: (entry) => entry.reference,
  path: (entry) => entry.path,
  startedAt: (entry) => entry.startedAt,
  downloadedAt: (entry) => entry.downloadedAt,
  duration: (entry) => entry.duration,
  speed: (entry) => entry.speed,
  verdict: (entry) => entry.verdict,
  sha256: (entry) => entry.digests.sha256 ?? null,
  errorCode: (entry) => entry.error?.code ?? null,
  errorMessage: (entry) => entry.error?.message ?? null,
}

/** History as text in pieces: a JSON array with one entry a line, or CSV with a header record (see core/csv.ts). */
export function historyText(entries: AsyncIterable<HistoryEntry>, format: 'json' | 'csv'): AsyncIterable<string> {
  return inChunks(format === 'json' ? jsonPieces(entries) : csvPieces(entries))
}

async function* jsonPieces(entries: AsyncIterable<HistoryEntry>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const entry of entries) {
    yield before + JSON.stringify(entry)
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

async function* csvPieces(entries: AsyncIterable<HistoryEntry>): AsyncGenerator<string> {
  yield csvLine(Object.keys(columns))
  for await (const entry of entries) yield csvLine(Object.values(columns).map((value) => value(entry)))
}

/** Few large pieces travel faster than many small ones. */
async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = ''
  for await (const piece of pieces) {
    chunk += piece
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
