import { useEffect, useRef } from 'react'
import { t } from '../i18n/index.ts'
import { Search } from '../parts/icon.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { useShortcut } from '../state/shortcuts.ts'
import { announce } from '../state/toasts.ts'
import styles from './installed.module.css'

export interface SearchFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  /** What is searched. */
  readonly label: string
  /** How many there are for it, in words. */
  readonly found: string
}

/** How long someone pauses who has typed to the end, ms. */
const pause = 700

export function SearchField({ value, onChange, label, found }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  useShortcut('search', () => field.current?.focus())
  useEffect(() => {
    if (value === '') return undefined
    const timer = setTimeout(() => announce(found), pause)
    return () => clearTimeout(timer)
  }, [value, found])
  return (
    <span className={styles['search']}>
      <Search size={14} aria-hidden="true" />
      <TextInput
        ref={field}
        type="search"
        dir={value === '' ? undefined : 'auto'}
        aria-label={label}
        placeholder={t('common.search')}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return
          event.preventDefault()
          event.stopPropagation()
          onChange('')
        }}
      />
    </span>
  )
}
