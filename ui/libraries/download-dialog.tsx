import { useMemo, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { emptyForm, forOneLlama } from '../add/form.ts'
import type { OptionsForm } from '../add/form.ts'
import { LlamaFields } from '../add/llama-fields.tsx'
import { PreviewPanel } from '../add/preview-panel.tsx'
import { readForm } from '../add/read-form.ts'
import { llamaQuestion, llamaRequest } from '../add/requests.ts'
import { showAdded } from '../add/show-download.ts'
import { useHardware } from '../add/use-hardware.ts'
import { usePreview } from '../add/use-preview.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/dialogs.module.css'
import { noAnswer, SendAnswer } from '../installed/send-answer.tsx'
import type { Answer } from '../installed/send-answer.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Download } from '../parts/icon.tsx'
import { client } from '../state/client.ts'
import { isVersion, variantsFor } from './release-choice.ts'
import { useReleases } from './use-libraries.ts'
import { VersionField } from './version-field.tsx'

/** What is asked for at first. */
export interface Wanted {
  readonly version: string
  /** '' is that of the daemon's machine. */
  readonly platform: string
  readonly variant: string
  /** That one is wanted though it was downloaded before. */
  readonly isAgain: boolean
}

export interface DownloadDialogProps {
  /** Null while the dialog is closed. */
  readonly wanted: Wanted | null
  readonly onClose: () => void
}

/** Builds of llama.cpp by version, platforms and variant. */
export function DownloadDialog({ wanted, onClose }: DownloadDialogProps) {
  return (
    <Dialog
      open={wanted !== null}
      onOpenChange={(open) => open || onClose()}
      title={t('libraries.downloadTitle')}
      width="wide"
    >
      {wanted !== null && <DownloadForm first={wanted} onDone={onClose} />}
    </Dialog>
  )
}

function DownloadForm({ first, onDone }: { readonly first: Wanted; readonly onDone: () => void }) {
  const [typed, setTyped] = useState(first.version)
  const [form, setForm] = useState<OptionsForm>({ ...emptyForm, targets: first.platform, variant: first.variant })
  const [isAsked, setAsked] = useState(false)
  const [answer, setAnswer] = useState<Answer>(noAnswer)
  const [isBusy, setBusy] = useState(false)
  const element = useRef<HTMLFormElement>(null)
  const releases = useReleases()
  const host = useHardware().answer?.platform ?? null
  const version = typed.trim()
  const reference = `llama.cpp@${version}`
  const read = useMemo(() => readForm(form, forOneLlama, 0), [form])
  const isGood = isVersion(version) && Object.keys(read.problems).length === 0
  const preview = usePreview(isGood ? { kind: 'llama', request: llamaQuestion(reference, read.request) } : null)
  const platforms = form.targets === '' ? [host] : form.targets.split(' ')
  const variants = variantsFor(releases.answer, version, platforms)
  const own = {
    form,
    read,
    showAll: isAsked,
    onChange: (change: Partial<OptionsForm>) => {
      setForm((before) => ({ ...before, ...change }))
      setAnswer(noAnswer)
    },
  }

  async function download(ifDuplicate: 'skip' | 'add'): Promise<void> {
    setAsked(true)
    if (!isGood) {
      requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    if (isBusy) return
    setBusy(true)
    setAnswer(noAnswer)
    try {
      const { id, skipped } = await client.add({ ifDuplicate, ...llamaRequest(read.request), reference })
      if (skipped === true) return setAnswer({ kind: 'listed', id })
      onDone()
      showAdded(t('add.added', { name: preview.kind === 'llama' ? preview.preview.filename : reference }))
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
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void download(first.isAgain ? 'add' : 'skip')
      }}
    >
      <VersionField
        value={typed}
        isAsked={isAsked}
        releases={releases}
        onChange={(next) => {
          setTyped(next)
          setAnswer(noAnswer)
        }}
      />
      <div className={styles['fields']}>
        <LlamaFields {...own} {...(variants.length === 0 ? {} : { variants })} />
      </div>
      {preview.kind !== 'none' && <PreviewPanel state={preview} kind="llama" onPlatform={() => undefined} />}
      <SendAnswer
        answer={answer}
        onDone={onDone}
        onAgain={() => void download('add')}
        onLeave={() => setAnswer(noAnswer)}
      />
      <Button
        type="submit"
        variant="primary"
        className={styles['submit'] ?? ''}
        icon={<Download aria-hidden="true" />}
        aria-busy={isBusy}
      >
        {t('libraries.downloadVerb')}
      </Button>
    </form>
  )
}
