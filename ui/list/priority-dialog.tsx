import { useState } from 'react'
import type { FormEvent } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { NumberInput } from '../parts/inputs.tsx'
import { actions } from '../state/actions.ts'

export interface NumberDialogProps {
  readonly ids: readonly string[]
  readonly name: string
  readonly now: number
  readonly onClose: () => void
}

export function PriorityDialog({ ids, name, now, onClose }: NumberDialogProps) {
  const [priority, setPriority] = useState<number | null>(now)
  const isRight = priority !== null && Number.isInteger(priority) && priority >= 1 && priority <= 10
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (!isRight) return
    void actions.priority(ids, priority)
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('list.priorityTitle')}
      description={t('list.priorityText', { name })}
      footer={
        <Button variant="primary" type="submit" form="priority-form">
          {t('list.prioritySave')}
        </Button>
      }
    >
      <form id="priority-form" onSubmit={onSubmit} noValidate>
        <Field label={t('list.priorityField')} error={isRight ? undefined : t('list.priorityRange')}>
          <NumberInput value={priority} onChange={setPriority} min={1} max={10} step={1} autoFocus />
        </Field>
      </form>
    </Dialog>
  )
}
