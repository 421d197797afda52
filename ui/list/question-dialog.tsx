import { t } from '../i18n/index.ts'
import { AlertDialog } from '../parts/alert-dialog.tsx'
import { actions } from '../state/actions.ts'
import { live } from '../state/live.ts'
import { LimitDialog } from './limit-dialog.tsx'
import { MoveFileDialog } from './move-file-dialog.tsx'
import { PriorityDialog } from './priority-dialog.tsx'
import type { Question } from './row-actions.ts'

export interface QuestionDialogProps {
  readonly question: Question | null
  readonly onClose: () => void
}

/** What is asked before something is done: a number, or whether files may be deleted. */
export function QuestionDialog({ question, onClose }: QuestionDialogProps) {
  if (question === null) return null
  const { kind, ids, download } = question
  const count = ids.length
  const name = download?.filename ?? t('list.someDownloads', { count })
  if (kind === 'priority')
    return <PriorityDialog ids={ids} name={name} now={download?.priority ?? 5} onClose={onClose} />
  if (kind === 'limit') return <LimitDialog ids={ids} name={name} now={download?.speedLimit ?? 0} onClose={onClose} />
  if (kind === 'moveFile') return download === null ? null : <MoveFileDialog download={download} onClose={onClose} />
  if (kind === 'removeModel' || kind === 'removeLibraries') {
    return (
      <AlertDialog
        open
        onOpenChange={(open) => open || onClose()}
        title={t(`list.${kind}Title`)}
        description={t(`list.${kind}Text`, { name })}
        confirm={t(`list.${kind}Confirm`)}
        onConfirm={() => void actions.remove(ids, { deleteFile: true })}
      />
    )
  }
  const hasModels = ids.some((id) => live.known(id)?.kind === 'model')
  return (
    <AlertDialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('list.removeFileTitle', { count })}
      description={`${t('list.removeFileText', { count, name })}${hasModels && count > 1 ? ` ${t('list.removeModelsText')}` : ''}`}
      confirm={t('list.removeFileConfirm', { count })}
      onConfirm={() => void actions.remove(ids, { deleteFile: true })}
    />
  )
}
