import { useEffect, useState } from 'react'
import type { FormEvent } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import type { Download } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { When } from '../list/note.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import styles from '../installed/dialogs.module.css'

export interface UnzipDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onInstall: (path: string) => void
}

/** Which zip of the download folder is installed. */
export function UnzipDialog({ open, onClose, onInstall }: UnzipDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={t('models.unzipTitle')}
      description={t('models.unzipText')}
    >
      {open && (
        <UnzipForm
          onInstall={(path) => {
            onClose()
            onInstall(path)
          }}
        />
      )}
    </Dialog>
  )
}

function UnzipForm({ onInstall }: Pick<UnzipDialogProps, 'onInstall'>) {
  const { zips, error } = useZips()
  const [chosen, setChosen] = useState('')
  const [typed, setTyped] = useState('')
  const [isAsked, setAsked] = useState(false)
  // The newest one is what most come for.
  const marked = chosen === '' ? (zips?.[0]?.path ?? '') : chosen
  const path = typed.trim() === '' ? marked : typed.trim()

  function submit(event: FormEvent): void {
    event.preventDefault()
    setAsked(true)
    if (path !== '') onInstall(path)
  }

  return (
    <form className={styles['form']} onSubmit={submit}>
      <fieldset className={styles['zips']}>
        <legend>{t('models.zips')}</legend>
        {error !== undefined && <p className={styles['problem']}>{errorText(error).text}</p>}
        {zips === undefined && error === undefined && <Skeleton height="40px" />}
        {zips?.length === 0 && <p className={styles['note']}>{t('models.zipsNone')}</p>}
        {zips?.map((zip) => (
          <label key={zip.id} className={styles['zip']}>
            <input
              type="radio"
              name="zip"
              value={zip.path}
              checked={typed.trim() === '' && marked === zip.path}
              onChange={() => {
                setChosen(zip.path)
                setTyped('')
              }}
            />
            <span className={styles['zip-name']}>
              <MiddleText text={zip.filename} />
            </span>
            <span className={styles['note']}>{bytes(zip.bytesDone)}</span>
            {zip.completedAt !== null && (
              <span className={styles['note']}>
                <When at={Date.parse(zip.completedAt)} />
              </span>
            )}
          </label>
        ))}
      </fieldset>
      <Field
        label={t('models.zipPath')}
        hint={t('models.zipPathHint')}
        error={isAsked && path === '' ? t('models.zipNothing') : undefined}
      >
        <TextInput dir="ltr" value={typed} onChange={({ target }) => setTyped(target.value)} />
      </Field>
      <Button type="submit" variant="primary" className={styles['submit'] ?? ''}>
        {t('models.install')}
      </Button>
    </form>
  )
}

interface Zips {
  readonly zips: readonly Download[] | undefined
  readonly error: SluiceError | undefined
}

/** Finished zips that are still there, the newest first: those that were made of models before others. */
function useZips(): Zips {
  const [now, setNow] = useState<Zips>({ zips: undefined, error: undefined })
  useEffect(() => {
    const stop = new AbortController()
    const ask = async (type: string): Promise<readonly Download[]> => {
      const filter = { type, status: ['completed'], sort: 'date', order: 'desc', limit: 50 } as const
      return (await client.list(filter, stop.signal)).downloads
    }
    Promise.all([ask('model'), ask('zip')]).then(
      (both) => {
        const zips = both.flat().filter(({ path, missing }) => !missing && /\.zip$/i.test(path))
        if (!stop.signal.aborted) setNow({ zips, error: undefined })
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setNow({ zips: undefined, error: asSluiceError(error) })
      },
    )
    return () => stop.abort()
  }, [])
  return now
}
