import { useEffect, useRef, useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { problemAt } from './problem-at.ts'
import type { ProblemAt } from './problem-at.ts'
import styles from './settings.module.css'

export interface ItemFormProps<F extends string> {
  /** Names that a refusal of the daemon may speak of. */
  readonly fields: readonly F[]
  /** Where a refusal is put that names none of them. */
  readonly otherwise: F
  /** What is wrong before anything is sent. */
  readonly check: () => ProblemAt<F>
  /** Rejects with a SluiceError. */
  readonly send: () => Promise<unknown>
  readonly onDone: () => void
  readonly children: (problem: ProblemAt<F>) => ReactNode
}

/** The form of one item. What the daemon refuses is told at the field that it is about, which gets the focus. */
export function ItemForm<F extends string>(props: ItemFormProps<F>) {
  const { fields, otherwise, check, send, onDone, children } = props
  const [problem, setProblem] = useState<ProblemAt<F>>({})
  const [isBusy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [problem])

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    const found = check()
    setProblem(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    try {
      await send()
      onDone()
    } catch (thrown) {
      setProblem(problemAt(asSluiceError(thrown), fields, otherwise))
      setBusy(false)
    }
  }

  return (
    // The browser would tell what it objects to in its own language.
    <form ref={form} noValidate className={styles['form']} onSubmit={(event) => void submit(event)}>
      {children(problem)}
      <Button variant="primary" type="submit" className={styles['submit']} aria-busy={isBusy}>
        {t('common.save')}
      </Button>
    </form>
  )
}
