/**
 * The only candidate that begins with what was typed, or the one that differs least; undefined when none is near.
 * For "Did you mean ...?": dashes at the beginning and case do not count.
 */
export function closest(typed: string, candidates: readonly string[]): string | undefined {
  const word = plain(typed.slice(0, 40))
  const longer = word.length < 2 ? [] : candidates.filter((candidate) => plain(candidate).startsWith(word))
  if (longer.length === 1) return longer[0]
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word, plain(candidate))
    if (distance >= least) continue
    best = candidate
    least = distance
  }
  return best
}

function plain(text: string): string {
  return text.replace(/^-+/, '').toLowerCase()
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const swapped = isSwap ? at(before, j - 2) + 1 : Infinity
      next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1))
    }
    before = row
    row = next
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0
}
