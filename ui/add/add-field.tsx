import type { ClipboardEvent, KeyboardEvent, Ref } from 'react'
import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { Link, Plus, SlidersHorizontal, X } from '../parts/icon.tsx'
import styles from './add-bar.module.css'
import { changeDraft, useDraft } from './draft.ts'
import type { Recognised } from './recognise.ts'
import { kindName } from './texts.ts'

export interface AddFieldProps {
  readonly ref: Ref<HTMLTextAreaElement>
  readonly ids: { readonly status: string; readonly options: string }
  readonly found: Recognised
  readonly isBusy: boolean
  readonly isWrong: boolean
  /** How many options are set. */
  readonly optionCount: number
}

const mostRows = 8
const longPaste = 200

/** One line that grows with what is in it, what it was recognised as, and the buttons beside it. */
export function AddField({ ref, ids, found, isBusy, isWrong, optionCount }: AddFieldProps) {
  const { text, isOpen } = useDraft()
  const rows = Math.min(mostRows, text.split('\n').length)
  const chip = kindName(found)
  // One of the two is there: narrow pages have no room for it in the field.
  const kind = (place: 'inside' | 'below') =>
    chip === '' ? null : (
      <span className={styles['chip']} data-place={place} data-kind={found.kind}>
        {chip}
      </span>
    )
  return (
    <div className={styles['line']}>
      <div className={styles['entry']} data-many={rows > 1}>
        <Link size={16} aria-hidden="true" className={styles['icon']} />
        <textarea
          ref={ref}
          className={styles['field']}
          aria-label={t('add.fieldName')}
          aria-describedby={ids.status}
          {...(isWrong ? { 'aria-invalid': true } : {})}
          placeholder={t('add.placeholder')}
          rows={rows}
          wrap="off"
          dir={text === '' ? undefined : 'ltr'}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          autoCorrect="off"
          enterKeyHint={rows > 1 ? 'enter' : 'go'}
          value={text}
          onChange={({ target }) => changeDraft({ text: target.value })}
          onKeyDown={onKey}
          onPaste={onPaste}
        />
        {kind('inside')}
        {text !== '' && (
          <IconButton
            label={t('add.clear')}
            size="small"
            icon={<X aria-hidden="true" />}
            onClick={({ currentTarget }) => {
              changeDraft({ text: '' })
              currentTarget.closest('form')?.querySelector('textarea')?.focus()
            }}
          />
        )}
      </div>
      {kind('below')}
      <Button
        variant="plain"
        className={styles['options'] ?? ''}
        icon={<SlidersHorizontal aria-hidden="true" />}
        aria-expanded={isOpen}
        {...(isOpen ? { 'aria-controls': ids.options } : {})}
        onClick={() => changeDraft({ isOpen: !isOpen })}
      >
        {t('add.options')}
        {optionCount > 0 && (
          <span className={styles['badge']}>
            <span aria-hidden="true">{count(optionCount)}</span>
            <span className="visually-hidden">{t('add.optionsSet', { count: optionCount })}</span>
          </span>
        )}
      </Button>
      <Button type="submit" variant="primary" icon={<Plus aria-hidden="true" />} aria-busy={isBusy}>
        {t('common.add')}
      </Button>
    </div>
  )
}

/** Enter adds what is on one line; in many lines it makes a new one, and Ctrl or Cmd + Enter adds. */
function onKey(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.shiftKey) return
  const isMany = event.currentTarget.value.trim().includes('\n')
  if (isMany && !event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}

/** Browsers take seconds to paste thousands of lines, so long lists are put in as a value. */
function onPaste(event: ClipboardEvent<HTMLTextAreaElement>): void {
  const pasted = event.clipboardData.getData('text/plain').replaceAll('\r\n', '\n')
  if (pasted.split('\n', longPaste + 1).length <= longPaste) return
  event.preventDefault()
  const { value, selectionStart, selectionEnd } = event.currentTarget
  changeDraft({ text: value.slice(0, selectionStart) + pasted + value.slice(selectionEnd) })
}
