import type { Settings } from '../config/resolve.ts'

type FilterOption = 'status' | 'search' | 'type' | 'host' | 'limit' | 'offset' | 'desc'

/** Lines of a list where none are asked for. */
const usualLimit = 100

export interface PageFilter {
  readonly status: readonly string[]
  readonly search?: string
  readonly type?: string
  readonly host?: string
  readonly order?: 'desc'
  readonly limit: number
  readonly offset: number
}

/** What `list` and `history` have in common. */
export function pageFilter(settings: Settings<FilterOption>): PageFilter {
  const [search, type, host] = [settings.text('search'), settings.text('type'), settings.text('host')]
  return {
    status: settings.list('status'),
    ...(search === undefined ? {} : { search }),
    ...(type === undefined ? {} : { type }),
    ...(host === undefined ? {} : { host }),
    ...(settings.flag('desc') ? { order: 'desc' } : {}),
    limit: settings.number('limit') ?? usualLimit,
    offset: settings.number('offset') ?? 0,
  }
}
