import type { Download } from '../../src/server/api-types.ts'

/** Where a finished model went: an Ollama store, one zip, or a folder with its files. Libraries go to their cache. */
export type ModelPlace = 'store' | 'zip' | 'folder' | 'libraries'

/** Null for what is one file, and for what is not finished. */
export function modelPlace({
  kind,
  status,
  digests,
  path,
}: Pick<Download, 'kind' | 'status' | 'digests' | 'path'>): ModelPlace | null {
  if (kind === 'llama') return status === 'completed' ? 'libraries' : null
  if (kind !== 'model' || status !== 'completed') return null
  // The digest of the manifest is that of what was installed; a zip and a folder have none as a whole.
  if (digests.sha256 !== undefined) return 'store'
  return /\.zip$/i.test(path) ? 'zip' : 'folder'
}
