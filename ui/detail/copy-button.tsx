import { useEffect, useState } from 'react'
import { t } from '../i18n/index.ts'
import { IconButton } from '../parts/button.tsx'
import { Check, Copy } from '../parts/icon.tsx'
import { announce, toast } from '../state/toasts.ts'
import { copyText } from './copy-text.ts'

/** Copies and says so: with a toast only where it did not work. */
export async function copyAndTell(text: string): Promise<boolean> {
  const done = await copyText(text)
  if (done) announce(t('common.copied'))
  else toast({ kind: 'warning', text: t('detail.copyFailed') })
  return done
}

export interface CopyButtonProps {
  readonly text: string
  /** What is copied, as the person reads it beside the button. */
  readonly name: string
}

export function CopyButton({ text, name }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      size="small"
      label={t('detail.copyNamed', { name })}
      icon={copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      onClick={() => void copyAndTell(text).then(setCopied)}
    />
  )
}
