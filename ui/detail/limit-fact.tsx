import { useEffect, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { useShortcut } from '../state/shortcuts.ts'
import { typedBytes, typedValue } from '../settings/typed-value.ts'
import styles from './facts.module.css'

const most = 1e12

export interface LimitFactProps {
  /** Bytes per second; null or 0 for none. */
  readonly limit: number | null
  readonly onChange: (bytesPerSecond: number) => void
}

/** The speed limit of one download, changed where it is read. */
export function LimitFact({ limit, onChange }: LimitFactProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  useEffect(() => {
    if (wasOpen.current && !isOpen) button.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])
  return (
    <div className={styles['fact']}>
      <dt className={styles['name']}>{t('detail.limit')}</dt>
      <dd className={styles['value']}>
        {isOpen ? (
          <Editor limit={limit ?? 0} onSave={onChange} onClose={() => setOpen(false)} />
        ) : (
          <>
            <span className={styles['text']}>
              {limit === null || limit === 0 ? t('detail.limitNone') : rate(limit)}
            </span>
            <Button
              ref={button}
              size="small"
              variant="plain"
              aria-label={t('detail.limitChange')}
              onClick={() => setOpen(true)}
            >
              {t('detail.change')}
            </Button>
          </>
        )}
      </dd>
    </div>
  )
}

interface EditorProps {
  readonly limit: number
  readonly onSave: (bytesPerSecond: number) => void
  readonly onClose: () => void
}

function Editor({ limit, onSave, onClose }: EditorProps) {
  const [text, setText] = useState(() => typedBytes(limit))
  const [error, setError] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])
  useShortcut('escape', onClose)

  function save(event: FormEvent): void {
    event.preventDefault()
    const typed = typedValue({ kind: 'rate', max: most }, text)
    if (!typed.ok) {
      setError(t(typed.problem.what === 'most' ? 'detail.limitTooMuch' : 'detail.limitWrong'))
      input.current?.focus()
      return
    }
    onSave(Number(typed.value))
    onClose()
  }

  return (
    <form className={styles['editor']} onSubmit={save}>
      <Field
        label={<span className="visually-hidden">{t('detail.limit')}</span>}
        hint={t('detail.limitHint')}
        error={error}
      >
        <TextInput
          ref={input}
          dir="ltr"
          value={text}
          onChange={({ target }) => {
            setText(target.value)
            setError(undefined)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            // It leaves the editor, not the panel around it.
            event.preventDefault()
            event.stopPropagation()
            onClose()
          }}
        />
      </Field>
      <span className={styles['buttons']}>
        <Button type="submit" size="small" variant="primary">
          {t('common.save')}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('common.back')}
        </Button>
      </span>
    </form>
  )
}
