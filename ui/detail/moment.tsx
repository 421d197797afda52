import { ago, dateTime } from '../i18n/formats.ts'
import styles from './facts.module.css'

/** A time that has passed, both ways: how long ago, and when. `now` in ms since 1970. */
export function Moment({ iso, now }: { readonly iso: string; readonly now: number }) {
  return (
    <time dateTime={iso}>
      {ago(iso, Math.max(now, Date.parse(iso)))} <span className={styles['whole']}>({dateTime(iso)})</span>
    </time>
  )
}
