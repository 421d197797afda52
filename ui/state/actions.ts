import { t } from '../i18n/index.ts'
import { client } from './client.ts'
import { hideEntry, showOrder } from './lists.ts'
import { live } from './live.ts'
import { createActions } from './make-actions.ts'
import type { Actions } from './make-actions.ts'
import { selection } from './selection.ts'
import { errorText } from './texts.ts'
import { dismissToast, toast } from './toasts.ts'

export type { Actions } from './make-actions.ts'

/** What a person does to downloads. Nothing here rejects: what goes wrong is undone and told in a toast. */
export const actions: Actions = createActions({
  client,
  live,
  deselect: selection.drop,
  hideEntry,
  showOrder,
  toast,
  dismissToast,
  t,
  errorText,
})
