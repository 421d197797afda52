import { useEffect, useRef, useState } from 'react'
import type { FormEvent, RefObject } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { client, setToken } from '../state/client.ts'
import { useConnection } from '../state/live.ts'
import { useValue } from '../state/value.ts'
import { tokenAside } from './token.ts'
import styles from './token-dialog.module.css'

/** Comes when the daemon asks for its token, and goes when it has taken one. */
export function TokenDialog() {
  const connection = useConnection()
  const aside = useValue(tokenAside)
  const [asked, setAsked] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // While a token is tried the connection is "connecting" for a moment, which is no reason to go.
    if (connection === 'unauthorised') setAsked(true)
    else if (connection === 'live' || connection === 'polling') setAsked(false)
  }, [connection])
  useEffect(() => {
    if (!asked) tokenAside.set(false)
  }, [asked])
  return (
    <Dialog
      open={asked && !aside}
      onOpenChange={(open) => tokenAside.set(!open)}
      title={t('frame.tokenTitle')}
      description={t('frame.tokenText')}
      initialFocus={input}
    >
      <TokenForm input={input} />
    </Dialog>
  )
}

function TokenForm({ input }: { readonly input: RefObject<HTMLInputElement | null> }) {
  const [problem, setProblem] = useState<Key>()
  const [checking, setChecking] = useState(false)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const typed = input.current?.value.trim() ?? ''
    if (typed === '') return setProblem('frame.tokenEmpty')
    setChecking(true)
    setProblem(undefined)
    setToken(typed)
    const refusal = await refusalOf()
    setChecking(false)
    setProblem(refusal)
    if (refusal !== undefined) input.current?.focus()
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <Field label={t('frame.tokenLabel')} hint={t('frame.tokenHint')} error={problem && t(problem)}>
        <TextInput ref={input} type="password" name="token" dir="ltr" onChange={() => setProblem(undefined)} />
      </Field>
      <details className={styles['where']}>
        <summary>{t('frame.tokenWhere')}</summary>
        <p>{t('frame.tokenWhereText')}</p>
      </details>
      <Button variant="primary" type="submit" disabled={checking} className={styles['submit']}>
        {t(checking ? 'frame.tokenChecking' : 'frame.tokenSubmit')}
      </Button>
    </form>
  )
}

/** Whether the daemon takes the token that was just set; what to say where it does not. */
async function refusalOf(): Promise<Key | undefined> {
  try {
    await client.settings()
    return undefined
  } catch (thrown) {
    return asSluiceError(thrown).code === 'unauthorized' ? 'frame.tokenWrong' : 'frame.tokenUnsent'
  }
}
