import { bytes, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { Clock, HardDrive, Key as KeyIcon, RefreshCw, Wifi, WifiOff } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import { useConnection, useHealth, useSpeedHistory, useTotalSpeed } from '../state/live.ts'
import type { ConnectionState } from '../state/live.ts'
import styles from './rail.module.css'
import { sparkline } from './sparkline.ts'

const states: Readonly<Record<ConnectionState, { icon: IconComponent; word: Key; text: Key }>> = {
  connecting: { icon: RefreshCw, word: 'frame.connecting', text: 'frame.connectingText' },
  live: { icon: Wifi, word: 'frame.live', text: 'frame.liveText' },
  polling: { icon: Clock, word: 'frame.polling', text: 'frame.pollingText' },
  offline: { icon: WifiOff, word: 'frame.offline', text: 'frame.offlineText' },
  unauthorised: { icon: KeyIcon, word: 'frame.unauthorised', text: 'frame.unauthorisedText' },
}

export function RailStatus() {
  const health = useHealth()
  const connection = useConnection()
  const { icon: Icon, word, text } = states[connection]
  const freeSpace = health?.freeSpace ?? null
  return (
    <div className={styles['status']} data-stale={connection === 'offline' || undefined}>
      <TotalSpeed />
      {freeSpace !== null && (
        <p className={styles['fact']} title={t('frame.freeLabel')}>
          <HardDrive size={14} aria-hidden="true" />
          <span>{t('frame.free', { size: bytes(freeSpace) })}</span>
        </p>
      )}
      <p className={styles['fact']} data-state={connection} title={t(text)}>
        <Icon size={14} aria-hidden="true" />
        <span>{t(word)}</span>
      </p>
    </div>
  )
}

const width = 180
const height = 28

function TotalSpeed() {
  const speed = useTotalSpeed()
  const history = useSpeedHistory()
  const { line, area } = sparkline(history, 60, width, height)
  return (
    <div className={styles['speed']}>
      <p className={styles['figure']}>
        <span className="visually-hidden">{t('frame.totalSpeed')} </span>
        {rate(speed)}
      </p>
      <svg
        className={styles['sparkline']}
        viewBox={`0 -1 ${width} ${height + 2}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('frame.speedChart', { speed: rate(speed) })}
      >
        <path className={styles['ground']} d={`M0 ${height}H${width}`} />
        <path className={styles['area']} d={area} />
        <path className={styles['line']} d={line} />
      </svg>
    </div>
  )
}
