import { isLlamaReference } from '../core/llama-reference.ts'
import { looksLikeModel } from '../core/model-name.ts'
import type { AddRequest } from './types.ts'

export type RequestKind = NonNullable<AddRequest['kind']>

/** What a request asks for: as it says, else what its fields belong to, else what the reference can only mean. */
export function kindOf({
  kind,
  llama,
  model,
  reference,
}: Pick<AddRequest, 'kind' | 'llama' | 'model' | 'reference'>): RequestKind {
  if (kind !== undefined) return kind
  if (llama !== undefined) return 'llama'
  if (model !== undefined) return 'model'
  if (isLlamaReference(reference)) return 'llama'
  return looksLikeModel(reference) ? 'model' : 'http'
}
