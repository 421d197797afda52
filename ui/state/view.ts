import type { DownloadStatus } from '../../src/core/download-states.ts'

export const pages = ['downloads', 'libraries', 'statistics', 'settings'] as const
export const tabs = ['active', 'queue', 'completed', 'history'] as const
export type Page = (typeof pages)[number]
export type Tab = (typeof tabs)[number]

/** What the page shows, as it stands in the address. */
export interface View {
  readonly page: Page
  readonly tab: Tab
  readonly search: string
  /** Some of the tab's statuses; empty is all of them. */
  readonly status: readonly DownloadStatus[]
  /** Extension without its dot, '' for all. */
  readonly type: string
  readonly host: string
  /** Bytes. */
  readonly minSize?: number
  readonly maxSize?: number
  /** YYYY-MM-DD, local, both inclusive. */
  readonly since?: string
  readonly until?: string
  /** A field, with `-` in front the other way round. */
  readonly sort: string
  /** Whose details are open. */
  readonly selected: string | null
}

/** What needs a person stays with what runs: failed and paused ones are not hidden elsewhere. */
export const tabStatuses: Readonly<Record<Tab, readonly DownloadStatus[]>> = {
  active: ['active', 'paused', 'error'],
  queue: ['queued', 'created', 'validating'],
  completed: ['completed', 'cancelled'],
  history: ['completed', 'error', 'cancelled'],
}

export const listSorts = [
  'queue',
  'name',
  'size',
  'speed',
  'eta',
  'date',
  'ended',
  'status',
  'progress',
  'host',
  'priority',
  'verdict',
] as const
export const historySorts = ['date', 'name', 'size', 'speed', 'duration', 'status', 'host', 'type'] as const

export type Sort = (typeof listSorts | typeof historySorts)[number]

/** What the tabs are sorted by, the usual first. */
export const tabSorts: Readonly<Record<Tab, readonly Sort[]>> = {
  active: ['queue', 'name', 'status', 'size', 'progress', 'speed', 'eta', 'priority', 'date', 'host'],
  queue: ['queue', 'name', 'status', 'size', 'progress', 'priority', 'date', 'host'],
  completed: ['ended', 'name', 'status', 'size', 'verdict', 'priority', 'date', 'host'],
  history: historySorts,
}

export const usualSort: Readonly<Record<Tab, string>> = {
  active: 'queue',
  queue: 'queue',
  completed: '-ended',
  history: '-date',
}

export const firstView: View = viewOf('/', '')

/** The view of an address. Whatever is wrong in it counts as not given: an address is typed and passed on by people. */
export function viewOf(path: string, query: string): View {
  const given = new URLSearchParams(query)
  const name = path.replace(/^\/+|\/+$/g, '')
  const page = pages.find((one) => one === name) ?? 'downloads'
  const tab = page === 'downloads' ? (tabs.find((one) => one === name) ?? 'active') : 'active'
  const text = (key: string, most: number): string => (given.get(key) ?? '').slice(0, most)
  const statuses = text('status', 200).split(',')
  const status = tabStatuses[tab].filter((one) => statuses.includes(one))
  const sort = text('sort', 40)
  const selected = text('selected', 64)
  return {
    page,
    tab,
    search: text('search', 500),
    status: status.length === tabStatuses[tab].length ? [] : status,
    type: text('type', 40),
    host: text('host', 255),
    ...optional('minSize', size(given.get('minSize'))),
    ...optional('maxSize', size(given.get('maxSize'))),
    ...optional('since', day(given.get('since'))),
    ...optional('until', day(given.get('until'))),
    sort: tabSorts[tab].some((one) => one === sort.replace(/^-/, '')) ? sort : usualSort[tab],
    selected: /^[\w-]{1,64}$/.test(selected) ? selected : null,
  }
}

/** The address of a view, without what is usual. */
export function addressOf(view: Omit<View, Bound> & Bounds): string {
  const path = view.page !== 'downloads' ? `/${view.page}` : view.tab === 'active' ? '/' : `/${view.tab}`
  const query = new URLSearchParams()
  const put = (key: string, value: string | number | undefined | null): void => {
    if (value !== undefined && value !== null && value !== '') query.set(key, String(value))
  }
  if (view.page === 'downloads') {
    put('search', view.search)
    put('status', view.status.join(','))
    put('type', view.type)
    put('host', view.host)
    put('minSize', view.minSize)
    put('maxSize', view.maxSize)
    put('since', view.since)
    put('until', view.until)
    if (view.sort !== usualSort[view.tab]) put('sort', view.sort)
    put('selected', view.selected)
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

type Bound = 'minSize' | 'maxSize' | 'since' | 'until'
type Bounds = { readonly [K in Bound]?: View[K] | undefined }

/** `undefined` takes a size or a date away. */
export type ViewChange = Partial<Omit<View, Bound>> & Bounds

/** A change of the view: what belongs to the tab that is left (statuses, sort, open details) is left with it. */
export function changedView(view: View, change: ViewChange): View {
  const { page = view.page, tab = view.tab } = change
  const isLeft = page !== view.page || tab !== view.tab
  const usual = isLeft ? { status: [], sort: usualSort[tab], selected: null } : {}
  const [path = '/', query = ''] = addressOf({ ...view, ...usual, ...change }).split(/\?(.*)/s)
  return viewOf(path, query)
}

/** Whether the view narrows what its tab holds. */
export function isFiltered(view: View): boolean {
  const { search, status, type, host, minSize, maxSize, since, until } = view
  return (
    [search, type, host].some((text) => text !== '') ||
    status.length > 0 ||
    [minSize, maxSize, since, until].some((one) => one !== undefined)
  )
}

/** No filter, same tab and order. */
export const noFilters = {
  search: '',
  status: [],
  type: '',
  host: '',
  minSize: undefined,
  maxSize: undefined,
  since: undefined,
  until: undefined,
} as const satisfies ViewChange

function size(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function day(text: string | null): string | undefined {
  if (text === null || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [N in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [N in K]: V })
}
