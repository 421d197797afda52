/** One choice of each dimension. */
export type Cell<D extends Readonly<Record<string, readonly string[]>>> = {
  readonly [Name in keyof D]: D[Name][number]
}

/**
 * Few cells in which every value of each dimension meets every value of each other dimension at least once: always the
 * cell with the most new meetings next. The same dimensions give the same cells.
 */
export function allPairs<const D extends Readonly<Record<string, readonly string[]>>>(dimensions: D): Cell<D>[] {
  const names = Object.keys(dimensions)
  let product: Array<Record<string, string>> = [{}]
  for (const name of names) {
    product = product.flatMap((cell) => (dimensions[name] ?? []).map((value) => ({ ...cell, [name]: value })))
  }
  const candidates = product.map((cell) => ({ cell, pairs: pairsOf(cell, names) }))
  const open = new Set(candidates.flatMap(({ pairs }) => pairs))
  const chosen: Array<Record<string, string>> = []
  while (open.size > 0) {
    let best = { cell: {}, pairs: [] as string[], isNew: 0 }
    for (const { cell, pairs } of candidates) {
      const isNew = pairs.filter((pair) => open.has(pair)).length
      if (isNew > best.isNew) best = { cell, pairs, isNew }
    }
    for (const pair of best.pairs) open.delete(pair)
    chosen.push(best.cell)
  }
  return chosen as Cell<D>[]
}

function pairsOf(cell: Readonly<Record<string, string>>, names: readonly string[]): string[] {
  return names.flatMap((one, index) =>
    names.slice(index + 1).map((other) => JSON.stringify([one, cell[one], other, cell[other]])),
  )
}
