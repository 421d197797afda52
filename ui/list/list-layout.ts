import { useMemo, useRef } from 'react'
import type { RefObject } from 'react'
import type { Tab } from '../state/address.ts'
import { usePreference } from '../state/preferences.ts'
import { columnsOf, layoutOf, rowHeight } from './columns.ts'
import type { ColumnId, Layout } from './columns.ts'
import { useWidth } from './size-observer.ts'

export interface ListLayout {
  /** Goes to the element whose width decides. */
  readonly area: RefObject<HTMLDivElement | null>
  readonly layout: Layout
  readonly columns: readonly ColumnId[]
  readonly height: number
  readonly headHeight: number
}

const head = 32

export function useListLayout(tab: Tab): ListLayout {
  const area = useRef<HTMLDivElement>(null)
  const layout = layoutOf(useWidth(area))
  const [density] = usePreference('density')
  const columns = useMemo(() => columnsOf(tab, layout), [tab, layout])
  return { area, layout, columns, height: rowHeight(layout, density), headHeight: layout === 'phone' ? 0 : head }
}
