import type { Manager } from '../manager/types.ts'

/** The shapes of the API, for those who call it. */
export type {
  Added,
  AddRequest,
  BatchResult,
  BulkAction,
  BulkResult,
  Download,
  DownloadDetail,
  DownloadList,
  Health,
  ListSort,
  ManagerEvent,
  Schedule,
  ScheduleInput,
  Snapshot,
  Statistics,
  Webhook,
  WebhookInput,
} from '../manager/types.ts'
export type { Settings } from '../config/settings.ts'

export type HistoryQuery = Parameters<Manager['history']>[0]
export type HistorySort = HistoryQuery['sort']
export type HistoryPage = Awaited<ReturnType<Manager['history']>>
export type HistoryEntry = HistoryPage['entries'][number]
export type Preview = Awaited<ReturnType<Manager['preview']>>
