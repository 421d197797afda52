import type { LlamaTree } from '../../src/server/api-types.ts'
import { compare, hasWords, turned } from '../installed/order.ts'
import type { Order as OrderOf } from '../installed/order.ts'

export const columns = ['version', 'platform', 'variant', 'size', 'installed', 'state'] as const
export type Column = (typeof columns)[number]
export type Order = OrderOf<Column>

const falling: ReadonlySet<Column> = new Set(['version', 'size', 'installed'])

/** Another column begins with what one looks for first there: the newest, the largest, what needs somebody. */
export function nextOrder(now: Order, column: Column): Order {
  return turned(now, column, falling)
}

/** A build that was downloaded anew is another one. */
export function treeKey({ repository, tag, platform, variant, installedAt }: LlamaTree): string {
  return [repository, tag, platform, variant, installedAt].join(' ')
}

/** As people call it. */
export function treeName({ tag, platform, variant }: Pick<LlamaTree, 'tag' | 'platform' | 'variant'>): string {
  return `${tag} ${platform} ${variant}`
}

/** Those that have all the words, in order, the newest version first among equals. `trouble` ranks states. */
export function arranged(
  trees: readonly LlamaTree[],
  search: string,
  { column, descending }: Order,
  trouble: (tree: LlamaTree) => number,
): readonly LlamaTree[] {
  const found = trees.filter(({ repository, tag, platform, variant, asset }) =>
    hasWords(search, [repository, tag, platform, variant, asset]),
  )
  const values: Readonly<Record<Column, (tree: LlamaTree) => number | string>> = {
    version: ({ tag }) => tag,
    platform: ({ platform }) => platform,
    variant: ({ variant }) => variant,
    size: ({ bytes }) => bytes,
    installed: ({ installedAt }) => Date.parse(installedAt),
    state: (tree) => -trouble(tree),
  }
  const sign = descending ? -1 : 1
  const value = values[column]
  return found.sort(
    (a, b) => sign * compare(value(a), value(b)) || compare(b.tag, a.tag) || compare(treeName(a), treeName(b)),
  )
}

/** What goes of a list, the newest version first, where only so many versions of each platform and variant are kept. */
export function beyond(trees: readonly LlamaTree[], keep: number): readonly LlamaTree[] {
  const groups = Map.groupBy(trees, ({ repository, platform, variant }) => `${repository} ${platform} ${variant}`)
  return [...groups.values()].flatMap((group) => {
    const kept = new Set([...new Set(group.map(({ tag }) => tag))].slice(0, keep))
    return group.filter(({ tag, inUse }) => !kept.has(tag) && !inUse)
  })
}
