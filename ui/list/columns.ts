import type { Sort, Tab } from '../state/view.ts'

/** How much room a list has; by the width of the list, not of the window. */
export type Layout = 'phone' | 'medium' | 'wide'
export type Density = 'comfortable' | 'compact'

export type ColumnId =
  | 'name'
  | 'state'
  | 'size'
  | 'speed'
  | 'eta'
  | 'priority'
  | 'added'
  | 'verdict'
  | 'finished'
  | 'host'
  | 'duration'
  | 'average'

const fields: Readonly<Record<ColumnId, Sort>> = {
  name: 'name',
  state: 'status',
  size: 'size',
  speed: 'speed',
  eta: 'eta',
  priority: 'priority',
  added: 'date',
  finished: 'ended',
  verdict: 'verdict',
  host: 'host',
  duration: 'duration',
  average: 'speed',
}

/** The field that the API sorts by under the head of a column. */
export function sortOf(column: ColumnId, tab: Tab): Sort {
  // `date` is the end in the history, and the beginning everywhere else.
  return column === 'finished' && tab === 'history' ? 'date' : fields[column]
}

const wide: Readonly<Record<Tab, readonly ColumnId[]>> = {
  active: ['name', 'state', 'size', 'speed', 'eta'],
  queue: ['name', 'state', 'size', 'priority', 'added'],
  completed: ['name', 'state', 'size', 'verdict', 'finished'],
  history: ['name', 'state', 'size', 'average', 'duration', 'finished'],
}
const medium: Readonly<Record<Tab, readonly ColumnId[]>> = {
  active: ['name', 'state', 'size', 'speed'],
  queue: ['name', 'state', 'size', 'priority'],
  completed: ['name', 'size', 'verdict'],
  history: ['name', 'state', 'size', 'finished'],
}

/** Columns between the box for selection and the buttons. With little room a row has two lines instead. */
export function columnsOf(tab: Tab, layout: Layout): readonly ColumnId[] {
  return layout === 'wide' ? wide[tab] : medium[tab]
}

export function layoutOf(width: number): Layout {
  return width < 760 ? 'phone' : width < 960 ? 'medium' : 'wide'
}

/** Pixels; fixed, so that ten thousand rows need no measuring. */
export function rowHeight(layout: Layout, density: Density): number {
  if (layout === 'phone') return density === 'compact' ? 60 : 68
  return density === 'compact' ? 36 : 56
}
