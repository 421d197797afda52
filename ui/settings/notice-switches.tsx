import { useState } from 'react'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { Switch } from '../parts/checks.tsx'
import { askNotifications, beep } from '../state/notifications.ts'
import { usePreference } from '../state/preferences.ts'
import styles from './settings.module.css'

/** Notifications, sounds and messages. The browser is asked when they are switched on, and its answer is told. */
export function NoticeSwitches() {
  const [notifications, setNotifications] = usePreference('notifications')
  const [sound, setSound] = usePreference('sound')
  const [lastingMessages, setLastingMessages] = usePreference('lastingMessages')
  const [problem, setProblem] = useState<Key>()

  async function changeNotifications(on: boolean): Promise<void> {
    setProblem(undefined)
    if (!on) return setNotifications(false)
    if (!('Notification' in globalThis) || !isSecureContext) return setProblem('settings.notificationsMissing')
    if (await askNotifications()) setNotifications(true)
    else setProblem('settings.notificationsDenied')
  }

  return (
    <>
      <div className={styles['row']}>
        <Switch
          label={t('settings.notifications')}
          checked={notifications}
          onChange={(on) => void changeNotifications(on)}
          aria-describedby="notifications-hint"
        />
        <div id="notifications-hint" className={styles['beside-switch']}>
          {problem !== undefined && (
            <p role="alert" className={styles['error']}>
              {t(problem)}
            </p>
          )}
          <p className={styles['hint']}>{t('settings.notificationsHint')}</p>
        </div>
      </div>
      <div className={styles['row']}>
        <Switch
          label={t('settings.sound')}
          checked={sound}
          onChange={(on) => {
            setSound(on)
            if (on) beep('good')
          }}
          aria-describedby="sound-hint"
        />
        <p id="sound-hint" className={`${styles['hint']} ${styles['beside-switch']}`}>
          {t('settings.soundHint')}
        </p>
      </div>
      <div className={styles['row']}>
        <Switch
          label={t('settings.lastingMessages')}
          checked={lastingMessages}
          onChange={setLastingMessages}
          aria-describedby="lasting-messages-hint"
        />
        <p id="lasting-messages-hint" className={`${styles['hint']} ${styles['beside-switch']}`}>
          {t('settings.lastingMessagesHint')}
        </p>
      </div>
    </>
  )
}
