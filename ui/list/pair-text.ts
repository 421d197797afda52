/** Two sizes as `3.83 / 40.0 MiB`: a unit that both have is written once. A size is its number, a no-break space, its unit. */
export function pairText(done: string, total: string): string {
  const [number = '', unit] = done.split('\u00a0')
  const isShared = unit !== undefined && unit === total.split('\u00a0')[1]
  // Sizes that are set apart from the text around them stay so.
  return `${isShared ? number + (unit.match(/\u2069$/)?.[0] ?? '') : done} / ${total}`
}
