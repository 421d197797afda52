import { asSluiceError } from '../../src/core/errors.ts'
import type { LlamaTree } from '../../src/server/api-types.ts'
import { keepFocus } from '../frame/keep-focus.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { AlertDialog } from '../parts/alert-dialog.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'
import { treeName } from './library-order.ts'

export interface RemoveDialogProps {
  readonly tree: LlamaTree | null
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

/** Asks before a build leaves the disk. */
export function RemoveDialog({ tree, onClose, onDone }: RemoveDialogProps) {
  const name = tree === null ? '' : treeName(tree)

  async function remove(): Promise<void> {
    if (tree === null) return
    const { tag, platform, variant } = tree
    try {
      const { bytes: freed } = await client.cleanLlama({ version: tag, platform, variant })
      toast({ kind: 'good', text: t('libraries.removed', { name, size: bytes(freed) }) })
    } catch (thrown) {
      const { text, hint } = errorText(asSluiceError(thrown))
      toast({ kind: 'error', text: `${t('libraries.removeFailed', { name })} ${text} ${hint}`.trim() })
    }
    const restoreFocus = keepFocus()
    await onDone()
    requestAnimationFrame(restoreFocus)
  }

  const words = t('libraries.removeText', { dir: tree?.folder ?? '' })
  return (
    <AlertDialog
      open={tree !== null}
      onOpenChange={(open) => open || onClose()}
      title={t('libraries.removeTitle', { name })}
      description={tree?.inUse === true ? `${t('libraries.inUseText')} ${words}` : words}
      confirm={t('libraries.remove')}
      onConfirm={() => void remove()}
    />
  )
}
