import type { Download } from '../../src/server/api-types.ts'

export interface SavedFile {
  readonly text: string
  readonly type: string
  readonly name: string
}

type Listed = Pick<Download, 'reference' | 'filename' | 'priority' | 'speedLimit'>

/** A list of links as a file: one address a line, or the form that POST /api/queue/import takes. */
export function linksFile(downloads: readonly Listed[], format: 'text' | 'json'): SavedFile {
  if (format === 'text') {
    const text = downloads.map(({ reference }) => `${reference}\n`).join('')
    return { text, type: 'text/plain', name: 'sluice-links.txt' }
  }
  const items = downloads.map(({ reference, filename, priority, speedLimit }) => ({
    reference,
    filename,
    priority,
    ...(speedLimit === null ? {} : { speedLimit }),
  }))
  const text = `${JSON.stringify({ version: 1, downloads: items }, null, 2)}\n`
  return { text, type: 'application/json', name: 'sluice-links.json' }
}
