import { isLlamaReference } from '../core/llama-reference.ts'
import { looksLikeModel } from '../core/model-name.ts'
import { looksLikeRelease } from '../core/release-reference.ts'
import type { AddRequest } from './types.ts'

export type RequestKind = NonNullable<AddRequest['kind']>

/** What a request asks for: as it says, else what its fields belong to, else what the reference can only mean. */
export function kindOf({
  asset,
  kind,
  llama,
  model,
  reference,
}: Pick<AddRequest, 'asset' | 'kind' | 'llama' | 'model' | 'reference'>): RequestKind {
  if (kind !== undefined) return kind
  if (llama !== undefined) return 'llama'
  if (model !== undefined) return 'model'
  if (asset !== undefined && asset !== '') return 'release'
  if (isLlamaReference(reference)) return 'llama'
  if (looksLikeModel(reference)) return 'model'
  return looksLikeRelease(reference) ? 'release' : 'http'
}

/** Whether a download of that kind is one file, which the engine knows by the id of the download. */
export function isOneFile(kind: string): boolean {
  return kind === 'http' || kind === 'release'
}
