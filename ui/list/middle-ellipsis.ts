/** A name in two pieces: the first may be cut by the layout, the second is always seen. */
export interface SplitName {
  readonly head: string
  readonly tail: string
}

const short = 24
const kept = 10
const mostExtension = 16

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Splits where the middle of a name may be left out: the extension and a few letters before it stay together, because
 * `-00001-of-00004.safetensors` is what tells one name from the next. Never cuts within a letter as people see it.
 */
export function splitName(name: string): SplitName {
  const parts = [...letters.segment(name)].map(({ segment }) => segment)
  if (parts.length <= short) return { head: name, tail: '' }
  const dot = parts.lastIndexOf('.')
  const extension = dot > 0 && parts.length - dot <= mostExtension ? parts.length - dot : 0
  const from = parts.length - extension - kept
  return { head: parts.slice(0, from).join(''), tail: parts.slice(from).join('') }
}
