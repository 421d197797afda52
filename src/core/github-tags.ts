/** The tags that somebody who wrote `wanted` may have meant, the likeliest first, at most `most`. */
export function nearestTags(wanted: string, tags: readonly string[], most = 3): string[] {
  const others = [...new Set(tags)].filter((tag) => tag !== wanted)
  const number = buildOf(wanted)
  const ranked = others.map((tag) => {
    const near = number === null ? null : buildOf(tag)
    const distance = number !== null && near !== null ? Math.abs(near - number) : Number.POSITIVE_INFINITY
    return { tag, distance, shared: sharedStart(bare(wanted), bare(tag)) }
  })
  return ranked
    .filter(({ distance, shared }) => distance !== Number.POSITIVE_INFINITY || shared > 0)
    .sort((a, b) => (a.distance === b.distance ? b.shared - a.shared : a.distance - b.distance))
    .slice(0, most)
    .map(({ tag }) => tag)
}

/** Numbers that count up, as in `b6089` or `build-6089`. */
function buildOf(tag: string): number | null {
  const digits = /^[a-z]+-?(\d{1,15})$/i.exec(tag)?.[1]
  return digits === undefined ? null : Number(digits)
}

const bare = (tag: string): string => tag.toLowerCase().replace(/^v(?=\d)/, '')

function sharedStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
