import { useEffect, useRef, useState } from 'react'
import { bytes, clockTime, dateTime, isSameDay } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Clock, HardDrive, Key, TriangleAlert, WifiOff } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import { setView } from '../state/address.ts'
import { useConnection, useHealth, useSettings } from '../state/live.ts'
import type { ConnectionState } from '../state/live.ts'
import { bannerOf } from './banner.ts'
import type { Banner } from './banner.ts'
import styles from './banner-slot.module.css'
import { openTokenDialog } from './token.ts'

const icons: Readonly<Record<Banner['kind'], IconComponent>> = {
  offline: WifiOff,
  unauthorised: Key,
  'low-disk': HardDrive,
  unwell: TriangleAlert,
  polling: Clock,
}

/** Always there, so that what appears in it is read out. */
export function BannerSlot() {
  const connection = useConnection()
  const lastHeard = useLastHeard(connection)
  const health = useHealth()
  const settings = useSettings()
  const banner = bannerOf({ connection, lastHeard, health, minFreeSpace: settings?.minFreeSpace })
  if (banner === null) return <div role="status" />
  const Icon = icons[banner.kind]
  return (
    <div role="status">
      <div className={styles['banner']} data-kind={banner.kind}>
        <Icon size={16} aria-hidden="true" />
        <p className={styles['text']}>{textOf(banner)}</p>
        {banner.kind === 'unauthorised' && (
          <Button size="small" onClick={openTokenDialog}>
            {t('frame.tokenOpen')}
          </Button>
        )}
        {banner.kind === 'low-disk' && (
          <Button size="small" onClick={() => setView({ page: 'settings' })}>
            {t('frame.lowDiskHint')}
          </Button>
        )}
      </div>
    </div>
  )
}

function textOf(banner: Banner): string {
  switch (banner.kind) {
    case 'offline':
      return banner.since === null ? t('frame.offlineEmpty') : t('frame.offlineBanner', { time: timeOf(banner.since) })
    case 'unauthorised':
      return t('frame.tokenBanner')
    case 'low-disk':
      return t('frame.lowDisk', { size: bytes(banner.freeSpace) })
    case 'unwell':
      return t('frame.unwell', { problem: banner.problem })
    case 'polling':
      return t('frame.pollingText')
  }
}

/** Hours and minutes; with the day where that is not today. */
function timeOf(iso: string): string {
  return isSameDay(iso, Date.now()) ? clockTime(iso, { seconds: false }) : dateTime(iso)
}

/** When the daemon was last known to answer; null while it does, or never did. */
function useLastHeard(connection: ConnectionState): string | null {
  const before = useRef(connection)
  const [lastHeard, setLastHeard] = useState<string | null>(null)
  useEffect(() => {
    const was = before.current
    before.current = connection
    if (connection === 'offline' && (was === 'live' || was === 'polling')) setLastHeard(new Date().toISOString())
  }, [connection])
  return lastHeard
}
