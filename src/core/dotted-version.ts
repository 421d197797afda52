/** Numbers of a version such as `13.4` or `580.95.05`; empty where the text does not begin with a number. */
function numbers(text: string): readonly number[] {
  const match = /^\d{1,9}(?:\.\d{1,9}){0,5}/.exec(text)
  return match === null ? [] : match[0].split('.').map(Number)
}

/** Below 0 when `a` is older than `b`, above 0 when newer; what is missing counts as 0, so `13` equals `13.0`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Whether a version lies between two bounds, both included and null for none. A bound speaks only of the numbers that it
 * has: `12.8` is at most `12`.
 */
export function isWithin(version: string, atLeast: string | null, atMost: string | null): boolean {
  return (
    (atLeast === null || compareVersions(version, atLeast) >= 0) &&
    (atMost === null || compareVersions(cut(version, numbers(atMost).length), atMost) <= 0)
  )
}

function cut(version: string, length: number): string {
  return numbers(version).slice(0, length).join('.')
}
