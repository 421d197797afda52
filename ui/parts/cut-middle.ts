/** A text whose middle is left out where it has no room; `middle` is '' where all of it is shown. */
export interface Cut {
  readonly head: string
  readonly middle: string
  readonly tail: string
}

const kept = 10
const mostExtension = 16
const tailShare = 0.6

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Leaves out so much of the middle that the rest fits: the extension and a few letters before it stay, because
 * `-00001-of-00004.safetensors` is what tells one name from the next, and so does the beginning. Never cuts within a
 * letter as people see it. `room` in the unit of `widthOf`.
 */
export function cutMiddle(text: string, room: number, widthOf: (text: string) => number): Cut {
  if (widthOf(text) <= room) return { head: text, middle: '', tail: '' }
  const parts = Array.from(letters.segment(text), ({ segment }) => segment)
  const first = (count: number): string => parts.slice(0, count).join('')
  const last = (count: number): string => parts.slice(parts.length - count).join('')
  const left = Math.max(0, room - widthOf('…'))

  const dot = parts.lastIndexOf('.')
  const extension = dot > 0 && parts.length - dot <= mostExtension ? parts.length - dot : 0
  const most = Math.min(extension + kept, parts.length - 1)
  const end = mostThat(most, (count) => widthOf(last(count)) <= left * tailShare)
  const tail = last(end)
  const forHead = left - widthOf(tail)
  const head = first(mostThat(parts.length - 1 - end, (count) => widthOf(first(count)) <= forHead))
  return { head, middle: text.slice(head.length, text.length - tail.length), tail }
}

/** The greatest number up to `most` that fits, where all smaller ones do too. */
function mostThat(most: number, fits: (count: number) => boolean): number {
  let low = 0
  let high = Math.max(0, most)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}
