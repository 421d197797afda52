import { looksLikeModel } from './model-name.ts'
import { looksLikeRelease } from './release-reference.ts'

/**
 * Whether a text could be a model or a release without its tag (`tiny`, `owner/repo`), but is more likely a mistake where
 * addresses are expected.
 */
export function isBareName(text: string): boolean {
  return /^[^:/@]+(?:\/[^:/@]+)?$/.test(text) && (looksLikeModel(text) || looksLikeRelease(text))
}
