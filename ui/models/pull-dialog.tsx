import { useMemo, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { emptyForm, forOneModel, isUsed } from '../add/form.ts'
import type { OptionsForm } from '../add/form.ts'
import { KeepStaging, ModelFields } from '../add/model-fields.tsx'
import { TextField } from '../add/option-fields.tsx'
import { PreviewPanel } from '../add/preview-panel.tsx'
import { readForm } from '../add/read-form.ts'
import { modelRequest, pullQuestion } from '../add/requests.ts'
import { showAdded } from '../add/show-download.ts'
import { usePreview } from '../add/use-preview.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Download } from '../parts/icon.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { client } from '../state/client.ts'
import styles from '../installed/dialogs.module.css'
import { noAnswer, SendAnswer } from '../installed/send-answer.tsx'
import type { Answer } from '../installed/send-answer.tsx'

export interface PullDialogProps {
  /** What stands in the field at first; null while the dialog is closed. */
  readonly model: string | null
  /** That one is wanted though it was pulled before. */
  readonly isAgain: boolean
  readonly onClose: () => void
}

/** A model by its name, with what can be said about its pull. */
export function PullDialog({ model, isAgain, onClose }: PullDialogProps) {
  return (
    <Dialog open={model !== null} onOpenChange={(open) => open || onClose()} title={t('models.pullTitle')} width="wide">
      {model !== null && <PullForm first={model} isAgain={isAgain} onDone={onClose} />}
    </Dialog>
  )
}

interface PullFormProps {
  readonly first: string
  readonly isAgain: boolean
  readonly onDone: () => void
}

function PullForm({ first, isAgain, onDone }: PullFormProps) {
  const [model, setModel] = useState(first)
  const [form, setForm] = useState<OptionsForm>(emptyForm)
  const [isAsked, setAsked] = useState(false)
  const [answer, setAnswer] = useState<Answer>(noAnswer)
  const [isBusy, setBusy] = useState(false)
  const element = useRef<HTMLFormElement>(null)
  const name = model.trim()
  const read = useMemo(() => readForm(form, forOneModel, 0), [form])
  const preview = usePreview(name === '' ? null : { kind: 'model', input: pullQuestion(name, read.request) })
  const own = {
    form,
    read,
    showAll: isAsked,
    onChange: (change: Partial<OptionsForm>) => {
      setForm((before) => ({ ...before, ...change }))
      setAnswer(noAnswer)
    },
  }

  async function pull(ifDuplicate: 'skip' | 'add'): Promise<void> {
    setAsked(true)
    if (name === '' || Object.keys(read.problems).length > 0) {
      requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    if (isBusy) return
    setBusy(true)
    setAnswer(noAnswer)
    try {
      const { id, skipped } = await client.add({ ifDuplicate, ...modelRequest(read.request), reference: name })
      if (skipped === true) return setAnswer({ kind: 'listed', id })
      onDone()
      showAdded(t('add.added', { name: preview.kind === 'model' ? preview.preview.name : name }))
    } catch (thrown) {
      setAnswer({ kind: 'error', error: asSluiceError(thrown) })
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      ref={element}
      className={styles['pull']}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void pull(isAgain && name === first ? 'add' : 'skip')
      }}
    >
      <Field
        label={t('models.model')}
        hint={t('models.modelHint')}
        error={isAsked && name === '' ? t('models.modelEmpty') : undefined}
      >
        <TextInput
          dir="ltr"
          autoCapitalize="none"
          enterKeyHint="go"
          value={model}
          onChange={({ target }) => {
            setModel(target.value)
            setAnswer(noAnswer)
          }}
        />
      </Field>
      {preview.kind !== 'none' && (
        <PreviewPanel state={preview} kind="model" onPlatform={(platform) => own.onChange({ platform })} />
      )}
      <div className={styles['fields']}>
        <ModelFields {...own} />
        {isUsed('filename', forOneModel, form) && (
          <TextField name="filename" label={t('add.filename')} placeholder={t('add.filenameModel')} {...own} />
        )}
        {form.target !== '' && <TextField name="dir" label={t('add.dir')} hint={t('add.dirHint')} {...own} />}
      </div>
      {isUsed('keepStaging', forOneModel, form) && <KeepStaging form={form} onChange={own.onChange} />}
      <SendAnswer
        answer={answer}
        onDone={onDone}
        onAgain={() => void pull('add')}
        onLeave={() => setAnswer(noAnswer)}
      />
      <Button
        type="submit"
        variant="primary"
        className={styles['submit'] ?? ''}
        icon={<Download aria-hidden="true" />}
        aria-busy={isBusy}
      >
        {t('models.pull')}
      </Button>
    </form>
  )
}
