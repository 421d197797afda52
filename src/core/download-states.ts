/** Every state that a download can be in, in the order of its life. */
export const downloadStatuses = [
  'created',
  'validating',
  'queued',
  'active',
  'paused',
  'completed',
  'error',
  'cancelled',
] as const

export type DownloadStatus = (typeof downloadStatuses)[number]

/**
 * What can happen to a download. `accept`, `hold` and `reject` end the validation; `requeue` puts one back whose run
 * ended through no fault of its own: the daemon was killed, the disk was low, the folder is busy.
 */
export type DownloadAction =
  | 'validate'
  | 'accept'
  | 'hold'
  | 'reject'
  | 'start'
  | 'requeue'
  | 'complete'
  | 'fail'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'retry'

/** Every allowed move. What is not here is refused as `wrong-state`; removal is allowed from everywhere. */
export const downloadMoves: Readonly<Record<DownloadStatus, { readonly [A in DownloadAction]?: DownloadStatus }>> = {
  created: { validate: 'validating', cancel: 'cancelled' },
  validating: { accept: 'queued', hold: 'paused', pause: 'paused', reject: 'error', cancel: 'cancelled' },
  queued: { start: 'active', pause: 'paused', cancel: 'cancelled', fail: 'error' },
  active: { complete: 'completed', fail: 'error', pause: 'paused', requeue: 'queued', cancel: 'cancelled' },
  paused: { resume: 'queued', cancel: 'cancelled', fail: 'error' },
  completed: {},
  error: { retry: 'queued', cancel: 'cancelled' },
  cancelled: { retry: 'queued' },
}

/** The state after an action, or null where that action is not allowed. */
export function nextStatus(status: DownloadStatus, action: DownloadAction): DownloadStatus | null {
  return downloadMoves[status][action] ?? null
}
