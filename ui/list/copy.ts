import { copyText } from '../detail/copy-text.ts'
import { t } from '../i18n/index.ts'
import { toast } from '../state/toasts.ts'

/** Copies and says so. */
export async function copyAndSay(text: string, done: string): Promise<void> {
  const copied = await copyText(text)
  toast(copied ? { kind: 'good', text: done, duration: 3000 } : { kind: 'warning', text: t('list.copyFailed') })
}
