import { asSluiceError } from '../../src/core/errors.ts'
import type { LibraryModel } from '../../src/server/api-types.ts'
import { keepFocus } from '../frame/keep-focus.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { AlertDialog } from '../parts/alert-dialog.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'

export interface DeleteDialogProps {
  readonly model: LibraryModel | null
  /** The folder of the store. */
  readonly dir: string
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

/** Asks before a model leaves the disk. */
export function DeleteDialog({ model, dir, onClose, onDone }: DeleteDialogProps) {
  async function remove(): Promise<void> {
    if (model === null) return
    const { name, fullName } = model
    try {
      const { bytes: freed } = await client.removeModel(fullName)
      toast({ kind: 'good', text: t('models.deleted', { name, size: bytes(freed) }) })
    } catch (thrown) {
      const { text, hint } = errorText(asSluiceError(thrown))
      toast({ kind: 'error', text: `${t('models.deleteFailed', { name })} ${text} ${hint}`.trim() })
    }
    const restoreFocus = keepFocus()
    await onDone()
    requestAnimationFrame(restoreFocus)
  }

  return (
    <AlertDialog
      open={model !== null}
      onOpenChange={(open) => open || onClose()}
      title={t('models.deleteTitle', { name: model?.name ?? '' })}
      description={t('models.deleteText', { dir })}
      confirm={t('models.delete')}
      onConfirm={() => void remove()}
    />
  )
}
