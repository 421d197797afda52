import { useRef } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { hrefOf, tabs, tabStatuses, useView } from '../state/address.ts'
import type { Tab } from '../state/address.ts'
import { useCountOf } from '../state/live.ts'
import { useHistoryCount } from './history-count.ts'
import styles from './tabs.module.css'

export const panelId = 'downloads-panel'
export const tabId = (tab: Tab): string => `tab-${tab}`

/** Tabs that are links: they can be opened in another window and are still there after a reload. Arrows move and choose. */
export function ListTabs() {
  const [view, setView] = useView()
  const list = useRef<HTMLDivElement>(null)

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const ends: Readonly<Record<string, number>> = { Home: 0, End: tabs.length - 1 }
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const back = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight'
    const step = event.key === forward ? 1 : event.key === back ? -1 : 0
    const at = ends[event.key] ?? (step === 0 ? -1 : (tabs.indexOf(view.tab) + step + tabs.length) % tabs.length)
    const tab = tabs[at]
    if (tab === undefined) return
    event.preventDefault()
    setView({ tab })
    list.current?.querySelector<HTMLElement>(`#${tabId(tab)}`)?.focus()
  }

  return (
    <div ref={list} role="tablist" aria-label={t('list.tabs')} className={styles['tabs']} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <TabLink key={tab} tab={tab} isChosen={tab === view.tab} onChoose={() => setView({ tab })} />
      ))}
    </div>
  )
}

interface TabLinkProps {
  readonly tab: Tab
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function TabLink({ tab, isChosen, onChoose }: TabLinkProps) {
  const listed = useCountOf(tabStatuses[tab])
  const history = useHistoryCount(tab === 'history')
  const number = tab === 'history' ? history : listed
  const onClick = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    onChoose()
  }
  return (
    <a
      id={tabId(tab)}
      role="tab"
      href={hrefOf({ tab })}
      aria-selected={isChosen}
      {...(isChosen ? { 'aria-controls': panelId } : {})}
      tabIndex={isChosen ? 0 : -1}
      className={styles['tab']}
      onClick={onClick}
    >
      {t(`list.${tab}`)}
      <span className={styles['count']}>{number === null ? '' : count(number)}</span>
    </a>
  )
}
