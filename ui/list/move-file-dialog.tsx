import { useState } from 'react'
import type { FormEvent } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { Download, MoveFileRequest } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Select, TextInput } from '../parts/inputs.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'

export interface MoveFileDialogProps {
  readonly download: Download
  readonly onClose: () => void
}

type Policy = '' | NonNullable<MoveFileRequest['ifExists']>

/** Where the file of a finished download shall be. What cannot be is said here, and nothing is lost. */
export function MoveFileDialog({ download: { id, filename }, onClose }: MoveFileDialogProps) {
  const [dir, setDir] = useState('')
  const [name, setName] = useState(filename)
  const [policy, setPolicy] = useState<Policy>('')
  const [error, setError] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    const isOther = name.trim() !== '' && name.trim() !== filename
    if (dir.trim() === '' && !isOther) return setError(t('list.moveFileNothing'))
    setBusy(true)
    try {
      const { path } = await client.moveFile(id, {
        ...(dir.trim() === '' ? {} : { dir: dir.trim() }),
        ...(isOther ? { filename: name.trim() } : {}),
        ...(policy === '' ? {} : { ifExists: policy }),
      })
      toast({ kind: 'good', text: t('list.moveFileDone', { path }) })
      onClose()
    } catch (thrown) {
      const { text, hint, detail } = errorText(asSluiceError(thrown))
      setError([text, detail, hint].filter(Boolean).join(' '))
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('list.moveFileTitle')}
      description={filename}
      footer={
        <Button variant="primary" type="submit" form="move-file-form" aria-busy={isBusy}>
          {t('list.moveFileSave')}
        </Button>
      }
    >
      <form id="move-file-form" onSubmit={(event) => void onSubmit(event)} noValidate>
        <Field label={t('add.dir')} hint={t('list.moveFileHint')} error={error === '' ? undefined : error}>
          <TextInput dir="auto" value={dir} onChange={({ target }) => setDir(target.value)} autoFocus />
        </Field>
        <Field label={t('add.filename')}>
          <TextInput dir="auto" value={name} onChange={({ target }) => setName(target.value)} />
        </Field>
        <Field label={t('add.ifExists')}>
          <Select label={t('add.ifExists')} value={policy} options={policies()} onChange={setPolicy} />
        </Field>
      </form>
    </Dialog>
  )
}

function policies() {
  return [
    { value: '', label: t('add.ifExistsUsual') },
    { value: 'rename', label: t('add.ifExistsRename') },
    { value: 'overwrite', label: t('add.ifExistsOverwrite') },
    { value: 'fail', label: t('add.ifExistsFail') },
  ] as const
}
