import { useCallback, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { AddRequest } from '../../src/server/api-types.ts'
import { t, useLanguage } from '../i18n/index.ts'
import { useShortcut } from '../state/shortcuts.ts'
import styles from './add-bar.module.css'
import { AddField } from './add-field.tsx'
import { AddStatus } from './add-status.tsx'
import { sortOf } from './batch.ts'
import { changeDraft, changeForm, useDraft } from './draft.ts'
import { DropAndPaste } from './drop-and-paste.tsx'
import { forOneFile, forOneLlama, forOneModel, forOneRelease } from './form.ts'
import type { Purpose } from './form.ts'
import { OptionsPanel } from './options-panel.tsx'
import { previewRequest } from './preview-request.ts'
import { readForm } from './read-form.ts'
import type { ReadForm } from './read-form.ts'
import { recognise } from './recognise.ts'
import type { Recognised } from './recognise.ts'
import { llamaQuestion, llamaRequest, modelRequest, pullQuestion, releaseQuestion, releaseRequest } from './requests.ts'
import { showDownload } from './show-download.ts'
import { useAdding } from './use-adding.ts'
import { usePreview } from './use-preview.ts'
import type { PreviewState, Question } from './use-preview.ts'

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
  const purpose = useMemo(() => purposeOf(found), [found])
  const options = useMemo(() => readForm(form, purpose, asked.at), [form, purpose, asked.at])
  const preview = usePreview(questionOf(found, options))

  const listed = isOfRequest(preview) ? preview.preview.duplicateOf : undefined
  const single = singleOf(found, options)
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
    const read = readForm(form, purposeOf(now), at)
    const isFetched = now.kind === 'list' ? now.items.length > 0 : 'reference' in now
    if (!isFetched) return focusField()
    if (Object.keys(read.problems).length > 0) return showProblem()
    if (now.kind === 'release' && isUndecided(preview)) return chooseAsset()
    if (now.kind === 'list') void adding.many(now, read.request)
    else if (now.kind === 'model') {
      void adding.one({ ...modelRequest(read.request), reference: now.reference }, nameOf(preview))
    } else if (now.kind === 'llama') {
      void adding.one({ ...llamaRequest(read.request), reference: now.reference }, nameOf(preview))
    } else if (now.kind === 'release') {
      void adding.one({ ...releaseRequest(read.request), reference: now.reference }, nameOf(preview))
    } else if ('reference' in now) void adding.one({ ...read.request, reference: now.reference }, nameOf(preview))
  }

  /** Nobody guesses which file is meant. */
  function chooseAsset(): void {
    bar.current?.querySelector('select')?.focus()
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
        onPlatform={(platform) => changeForm({ platform })}
      />
      {isOpen && (
        <OptionsPanel id={ids.options} form={form} read={options} purpose={purpose} showAll={asked.text !== null} />
      )}
      <DropAndPaste />
    </form>
  )
}

function purposeOf(found: Recognised): Purpose {
  if (found.kind === 'llama') return forOneLlama
  if (found.kind === 'release') return forOneRelease
  if (found.kind !== 'list') return found.kind === 'model' ? forOneModel : forOneFile
  const sorts = new Set(found.items.map(sortOf))
  return {
    isMany: found.items.length !== 1,
    hasFiles: sorts.size === 0 || sorts.has('file'),
    hasModels: sorts.has('model'),
    hasLlama: sorts.has('llama'),
    hasReleases: sorts.has('release'),
  }
}

function questionOf(found: Recognised, { request }: ReadForm): Question | null {
  if (found.kind === 'model') return { kind: 'model', input: pullQuestion(found.reference, request) }
  if (found.kind === 'llama') return { kind: 'llama', request: llamaQuestion(found.reference, request) }
  if (found.kind === 'release') return { kind: 'release', request: releaseQuestion(found.reference, request) }
  const asked = found.kind === 'url' ? previewRequest(found.reference, request) : null
  return asked === null ? null : { kind: 'file', request: asked }
}

/** What a click on Add sends where the preview tells of one that is listed already. */
function singleOf(found: Recognised, { request }: ReadForm): AddRequest | null {
  if (found.kind === 'llama') return { ...llamaRequest(request), reference: found.reference }
  if (found.kind === 'release') return { ...releaseRequest(request), reference: found.reference }
  return found.kind === 'url' ? { ...request, reference: found.reference } : null
}

function nameOf(preview: PreviewState): string | undefined {
  if (isOfRequest(preview)) return preview.preview.filename || undefined
  return preview.kind === 'model' ? preview.preview.name : undefined
}

function isOfRequest(state: PreviewState): state is Extract<PreviewState, { kind: 'file' | 'llama' | 'release' }> {
  return state.kind === 'file' || state.kind === 'llama' || state.kind === 'release'
}

/** A release whose file nobody has chosen. */
function isUndecided(state: PreviewState): boolean {
  return state.kind === 'release' && state.preview.release?.asset === null
}
