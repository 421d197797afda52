import { useState } from 'react'
import type { FormEvent } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { LlamaTree } from '../../src/server/api-types.ts'
import { Notice } from '../add/notice.tsx'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/dialogs.module.css'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Trash2 } from '../parts/icon.tsx'
import { NumberInput } from '../parts/inputs.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'
import { beyond } from './library-order.ts'

export interface CleanDialogProps {
  readonly open: boolean
  readonly trees: readonly LlamaTree[]
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

/** Removes old versions, or everything; says before what goes. */
export function CleanDialog({ open, trees, onClose, onDone }: CleanDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={t('libraries.cleanTitle')}
      description={t('libraries.cleanText')}
    >
      {open && <CleanForm trees={trees} onClose={onClose} onDone={onDone} />}
    </Dialog>
  )
}

/** As the daemon takes it. */
const most = 1000

function CleanForm({ trees, onClose, onDone }: Omit<CleanDialogProps, 'open'>) {
  const [what, setWhat] = useState<'old' | 'all'>('old')
  const [keep, setKeep] = useState<number | null>(2)
  const [error, setError] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const isWrong = keep === null || !Number.isInteger(keep) || keep < 0 || keep > most
  const going = what === 'all' ? trees : beyond(trees, isWrong ? trees.length : keep)

  async function clean(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy || (what === 'old' && isWrong)) return
    setBusy(true)
    setError(undefined)
    try {
      toast({ kind: 'good', text: what === 'all' ? await removeAll() : await removeOld(keep ?? 0) })
      onClose()
      await onDone()
    } catch (thrown) {
      const { text, hint } = errorText(asSluiceError(thrown))
      setError(`${t('libraries.cleanFailed')} ${text} ${hint}`.trim())
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void clean(event)}>
      <fieldset className={styles['zips']}>
        <legend>{t('libraries.cleanWhat')}</legend>
        {(['old', 'all'] as const).map((one) => (
          <label key={one} className={styles['zip']}>
            <input type="radio" name="what" value={one} checked={what === one} onChange={() => setWhat(one)} />
            <span>{t(one === 'old' ? 'libraries.cleanOld' : 'libraries.cleanAll')}</span>
          </label>
        ))}
      </fieldset>
      {what === 'old' && (
        <Field
          label={t('libraries.keep')}
          hint={t('libraries.keepHint')}
          error={isWrong ? t('libraries.keepWrong') : undefined}
        >
          <NumberInput value={keep} onChange={setKeep} min={0} max={most} step={1} />
        </Field>
      )}
      <p role="status">
        {going.length === 0
          ? t('libraries.cleanNothing')
          : t('libraries.cleanSum', {
              count: going.length,
              size: bytes(going.reduce((sum, tree) => sum + tree.bytes, 0)),
            })}
      </p>
      {error !== undefined && <Notice tone="danger" isAnswer text={error} />}
      <Button
        type="submit"
        variant="danger"
        className={styles['submit'] ?? ''}
        icon={<Trash2 aria-hidden="true" />}
        aria-busy={isBusy}
      >
        {t('libraries.cleanConfirm')}
      </Button>
    </form>
  )
}

async function removeAll(): Promise<string> {
  const { bytes: freed } = await client.cleanLlama()
  return freed === 0 ? t('libraries.cleanedNothing') : t('libraries.cleaned', { size: bytes(freed) })
}

async function removeOld(keep: number): Promise<string> {
  const { removed, bytes: freed } = await client.pruneLlama(keep)
  if (removed.length > 0) return t('libraries.pruned', { count: removed.length, size: bytes(freed) })
  return freed === 0 ? t('libraries.cleanedNothing') : t('libraries.cleaned', { size: bytes(freed) })
}
