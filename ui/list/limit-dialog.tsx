import { useState } from 'react'
import type { FormEvent } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { NumberInput } from '../parts/inputs.tsx'
import { actions } from '../state/actions.ts'
import type { NumberDialogProps } from './priority-dialog.tsx'

const unit = 1024
const most = 1e12

export function LimitDialog({ ids, name, now, onClose }: NumberDialogProps) {
  const [limit, setLimit] = useState<number | null>(now === 0 ? null : Math.round(now / unit))
  const rate = Math.round((limit ?? 0) * unit)
  const isRight = rate >= 0 && rate <= most
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (!isRight) return
    void actions.limit(ids, rate)
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('list.limitTitle')}
      description={t('list.limitText', { name })}
      footer={
        <Button variant="primary" type="submit" form="limit-form">
          {t('list.limitSave')}
        </Button>
      }
    >
      <form id="limit-form" onSubmit={onSubmit} noValidate>
        <Field
          label={t('list.limitField')}
          hint={t('list.limitHint')}
          error={isRight ? undefined : t('list.limitRange')}
        >
          <NumberInput value={limit} onChange={setLimit} min={0} unit="KiB/s" autoFocus />
        </Field>
      </form>
    </Dialog>
  )
}
