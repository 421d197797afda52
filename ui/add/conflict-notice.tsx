import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Notice } from './notice.tsx'

export interface ConflictNoticeProps {
  /** How many downloads are listed already. */
  readonly count: number
  /** It is what stands in the field, not some of a list that was added. */
  readonly isInField: boolean
  /** The person asked to add it: the answer is waited for, so the focus comes here. */
  readonly isAsked: boolean
  readonly onShow: () => void
  readonly onAgain: () => void
  readonly onLeave: () => void
}

/** What to do with what is listed already, asked where it was typed. */
export function ConflictNotice({ count, isInField, isAsked, onShow, onAgain, onLeave }: ConflictNoticeProps) {
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isAsked) first.current?.focus()
  }, [isAsked])
  const leaveByKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onLeave()
  }
  return (
    <Notice tone="warning" text={isInField ? t('add.duplicate') : t('add.duplicates', { count })} isAnswer={isAsked}>
      <Button ref={first} size="small" onClick={onShow} onKeyDown={leaveByKey}>
        {t('add.showIt')}
      </Button>
      <Button size="small" onClick={onAgain} onKeyDown={leaveByKey}>
        {t('add.addAgain')}
      </Button>
      <Button size="small" variant="plain" onClick={onLeave} onKeyDown={leaveByKey}>
        {t('add.dontAdd')}
      </Button>
    </Notice>
  )
}
