import type { Download, Settings } from '../../src/server/api-types.ts'

/** A download for tests. */
export function sampleDownload(change: Partial<Download> = {}): Download {
  const id = change.id ?? 'dl-0000000000000001'
  return {
    id,
    reference: `https://example.org/${id}.bin`,
    url: `https://example.org/${id}.bin`,
    filename: `${id}.bin`,
    path: `/files/${id}.bin`,
    kind: 'http',
    host: 'example.org',
    type: 'bin',
    status: 'queued',
    priority: 5,
    position: 1,
    bytesDone: 0,
    bytesTotal: 1000,
    speed: 0,
    eta: null,
    connections: 0,
    retries: 0,
    maxRetries: 5,
    speedLimit: null,
    verdict: null,
    digests: {},
    error: null,
    addedAt: '2026-01-31T12:00:00.000Z',
    startedAt: null,
    completedAt: null,
    startAt: null,
    retryAt: null,
    activeSeconds: 0,
    missing: false,
    waitingFor: null,
    target: null,
    files: [],
    ...change,
  }
}

export const sampleSettings = { maxConcurrent: 4 } as Settings
