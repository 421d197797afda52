import type { Download } from '../../src/server/api-types.ts'

/** Where a finished model went: an Ollama store, one zip, or a folder with its files. */
export type ModelPlace = 'store' | 'zip' | 'folder'

/** Null for what is no model, and for one that is not finished. */
export function modelPlace({
  kind,
  status,
  digests,
  path,
}: Pick<Download, 'kind' | 'status' | 'digests' | 'path'>): ModelPlace | null {
  if (kind !== 'model' || status !== 'completed') return null
  // The digest of the manifest is that of what was installed; a zip and a folder have none as a whole.
  if (digests.sha256 !== undefined) return 'store'
  return /\.zip$/i.test(path) ? 'zip' : 'folder'
}
