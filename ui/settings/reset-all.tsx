import { useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { AlertDialog } from '../parts/alert-dialog.tsx'
import { Button } from '../parts/button.tsx'
import { RotateCcw } from '../parts/icon.tsx'
import { client } from '../state/client.ts'
import { live } from '../state/live.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'
import styles from './settings.module.css'

export function ResetAll() {
  const [asking, setAsking] = useState(false)

  async function reset(): Promise<void> {
    try {
      live.apply({ type: 'settings', sequence: 0, settings: await client.resetSettings() })
      toast({ kind: 'good', text: t('settings.resetDone') })
    } catch (thrown) {
      const { text, hint } = errorText(asSluiceError(thrown))
      toast({ kind: 'error', text: `${text} ${hint}` })
    }
  }

  return (
    <div className={styles['reset']}>
      <Button icon={<RotateCcw aria-hidden="true" />} onClick={() => setAsking(true)}>
        {t('settings.resetAll')}
      </Button>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('settings.resetAllTitle')}
        description={t('settings.resetAllText')}
        confirm={t('common.reset')}
        onConfirm={() => void reset()}
      />
    </div>
  )
}
