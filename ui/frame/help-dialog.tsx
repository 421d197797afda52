import { useRef } from 'react'
import { t } from '../i18n/index.ts'
import { Switch } from '../parts/checks.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Kbd } from '../parts/kbd.tsx'
import { usePreference } from '../state/preferences.ts'
import { shortcuts, useShortcut } from '../state/shortcuts.ts'
import { useValue } from '../state/value.ts'
import { help, openHelp } from './help.ts'
import styles from './help-dialog.module.css'
import { keyNames } from './key-names.ts'

export function HelpDialog() {
  const open = useValue(help)
  const [letters, setLetters] = usePreference('letterShortcuts')
  useShortcut('help', openHelp)
  const list = useRef<HTMLDListElement>(null)
  const mac = /mac|iphone|ipad/i.test(navigator.userAgent)
  const rows = [...shortcuts.map(({ name, keys }) => [name, keys] as const), ['messages', ['F6']] as const]
  return (
    <Dialog
      open={open}
      onOpenChange={help.set}
      title={t('frame.helpTitle')}
      description={t('frame.helpText')}
      width="wide"
      // The field at the end would have the focus, and the keys be out of sight.
      initialFocus={list}
    >
      <dl ref={list} tabIndex={-1} className={styles['rows']}>
        {rows.map(([name, keys]) => (
          <div key={name} className={styles['row']}>
            <dt>{t(`frame.shortcut_${name}`)}</dt>
            <dd className={styles['keys']}>
              {keys.map((key, i) => (
                <span key={key} className={styles['one']}>
                  {i > 0 && <span className={styles['or']}>{t('frame.helpOr')}</span>}
                  <Kbd keys={keyNames(key, mac, t)} />
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles['letters']}>
        <Switch label={t('frame.letters')} checked={letters} onChange={setLetters} aria-describedby="letters-hint" />
        <p id="letters-hint" className={styles['hint']}>
          {t('frame.lettersHint')}
        </p>
      </div>
    </Dialog>
  )
}
