import { useCallback, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react'
import { t, useLanguage } from '../i18n/index.ts'
import { useShortcut } from '../state/shortcuts.ts'
import styles from './add-bar.module.css'
import { AddField } from './add-field.tsx'
import { AddStatus } from './add-status.tsx'
import { changeDraft, useDraft } from './draft.ts'
import { DropAndPaste } from './drop-and-paste.tsx'
import { OptionsPanel } from './options-panel.tsx'
import { previewRequest } from './preview-request.ts'
import { readForm } from './read-form.ts'
import { recognise } from './recognise.ts'
import { showDownload } from './show-download.ts'
import { useAdding } from './use-adding.ts'
import { usePreview } from './use-preview.ts'

/** What someone wanted to add last, and when (ms since 1970). */
interface Asked {
  readonly text: string | null
  readonly at: number
}

/** The one field that takes everything: a link, a name, many lines, what is dropped or pasted on the page. */
export function AddBar() {
  useLanguage()
  const { text, form, isOpen, wantsFocus } = useDraft()
  const field = useRef<HTMLTextAreaElement>(null)
  const bar = useRef<HTMLFormElement>(null)
  const ids = { status: useId(), options: useId() }
  const [asked, setAsked] = useState<Asked>({ text: null, at: 0 })

  const focusField = useCallback((): void => field.current?.focus(), [])
  const adding = useAdding(focusField)
  const shown = useDeferredValue(text)
  const found = useMemo(() => recognise(shown), [shown])
  const isForMany = found.kind === 'list' && found.items.length !== 1
  const options = useMemo(() => readForm(form, isForMany, asked.at), [form, isForMany, asked.at])
  const preview = usePreview(
    found.kind === 'url' && found.isAvailable ? previewRequest(found.reference, options.request) : null,
  )

  const listed = preview.kind === 'ready' ? preview.preview.duplicateOf : undefined
  const single = found.kind === 'url' && found.isAvailable ? { ...options.request, reference: found.reference } : null
  const conflict =
    adding.conflict ??
    (listed !== undefined && single !== null ? { ids: [listed], requests: [single], isInField: true, text } : null)

  useShortcut('new', () => {
    focusField()
    field.current?.select()
  })

  useEffect(() => {
    if (!wantsFocus) return
    changeDraft({ wantsFocus: false })
    // A page that has just been opened takes the focus first.
    requestAnimationFrame(focusField)
  }, [wantsFocus, focusField])

  function submit(at: number): void {
    const now = recognise(text)
    setAsked({ text, at })
    const read = readForm(form, now.kind === 'list' && now.items.length !== 1, at)
    const isFetched = now.kind === 'list' ? now.items.length > 0 : 'isAvailable' in now && now.isAvailable
    if (!isFetched) return focusField()
    if (Object.keys(read.problems).length > 0) return showProblem()
    if (now.kind === 'list') void adding.many(now, read.request)
    else if ('reference' in now) {
      const name = preview.kind === 'ready' ? preview.preview.filename : undefined
      void adding.one({ ...read.request, reference: now.reference }, name)
    }
  }

  /** Opens the options at the first field that is wrong. */
  function showProblem(): void {
    changeDraft({ isOpen: true })
    requestAnimationFrame(() => bar.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }

  return (
    <form
      ref={bar}
      className={styles['bar']}
      aria-label={t('common.add')}
      onSubmit={(event) => {
        event.preventDefault()
        submit(performance.timeOrigin + event.timeStamp)
      }}
    >
      <AddField
        ref={field}
        ids={ids}
        found={found}
        isBusy={adding.isBusy}
        optionCount={options.count}
        isWrong={adding.error !== null || (found.kind === 'wrong' && asked.text === text)}
      />
      <AddStatus
        id={ids.status}
        found={found}
        preview={preview}
        adding={adding}
        conflict={conflict}
        isAsked={asked.text === text}
        onShow={(id) => {
          if (conflict !== null) adding.leave(conflict)
          void showDownload(id)
        }}
        onLeave={adding.leave}
      />
      {isOpen && (
        <OptionsPanel id={ids.options} form={form} read={options} isForMany={isForMany} showAll={asked.text !== null} />
      )}
      <DropAndPaste />
    </form>
  )
}
