import type { LlamaRequest } from '../manager/llama/types.ts'
import type { ModelRequest } from '../manager/model-types.ts'
import type { AddRequest, Manager } from '../manager/types.ts'

/** The shapes of the API, for those who call it. */
export type {
  Added,
  AddRequest,
  BatchResult,
  BulkAction,
  BulkResult,
  Download,
  DownloadDetail,
  DownloadFile,
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
export type { MoveFileRequest } from '../manager/move-types.ts'
export type { LibraryModel, ModelList, ModelRequest } from '../manager/model-types.ts'
export type {
  LlamaCache,
  LlamaCheck,
  LlamaChecks,
  LlamaHardware,
  LlamaLoaded,
  LlamaPruned,
  LlamaRelease,
  LlamaReleases,
  LlamaRequest,
  LlamaSelection,
  LlamaTree,
} from '../manager/llama/types.ts'
export type { Settings } from '../config/settings.ts'

export type HistoryQuery = Parameters<Manager['history']>[0]
export type HistorySort = HistoryQuery['sort']
export type HistoryPage = Awaited<ReturnType<Manager['history']>>
export type HistoryEntry = HistoryPage['entries'][number]
export type ModelSort = Parameters<Manager['models']>[0]['sort']
export type InstalledModel = Awaited<ReturnType<Manager['model']>>
export type ModelCheck = Awaited<ReturnType<Manager['verifyModel']>>
export type RemovedModel = Awaited<ReturnType<Manager['removeModel']>>
export type UnzippedModels = Awaited<ReturnType<Manager['unzipModel']>>
export type PullPreview = Awaited<ReturnType<Manager['previewModel']>>
export type Preview = Awaited<ReturnType<Manager['preview']>>

/** What `POST /api/models/pull` takes: a model with what may be asked for of it. */
export interface PullInput extends ModelRequest, Omit<AddRequest, FieldsOfFiles> {
  readonly model: string
  /** True, or the name of the zip: the same as the target `zip`. */
  readonly zip?: boolean | string
}

/** What `POST /api/llama/download` takes. */
export interface LlamaInput extends LlamaRequest, Omit<AddRequest, FieldsOfFiles | 'dir' | 'ifExists'> {}

type FieldsOfFiles =
  | 'reference'
  | 'kind'
  | 'model'
  | 'llama'
  | 'asset'
  | 'platform'
  | 'filename'
  | 'headers'
  | 'checksum'
  | 'mirrors'
  | 'userAgent'
  | 'referer'
