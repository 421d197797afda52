import { actions } from './actions.ts'
import { startAddress } from './address.ts'
import { leavePage } from './client.ts'
import { hideEntry } from './lists.ts'
import { live, startLive, sync } from './live.ts'
import { startNotifications } from './notifications.ts'
import { startShortcuts } from './shortcuts.ts'
import { warningText } from './texts.ts'
import { startTitle } from './title.ts'
import { toast } from './toasts.ts'

/** Everything of the page that runs beside its components. Called once before it renders; gives back what ends it. */
export function startState(): () => void {
  const ending = new AbortController()
  const { signal } = ending
  addEventListener('pagehide', leave, { signal })
  addEventListener('pageshow', () => leavePage(false), { signal })
  const ends = [
    startAddress(),
    startLive(),
    startShortcuts(),
    startTitle(),
    startNotifications(),
    // A download that ends once more has an entry of the history again.
    live.onHappening(({ download }) => hideEntry(download.id, false)),
    // Those of one download stand in its timeline.
    sync.onWarning((warning) => {
      if (warning.id === null) toast({ kind: 'warning', text: warningText(warning) })
    }),
  ]
  return () => {
    ending.abort()
    for (const end of ends) end()
  }
}

/** What waits for its Undo is carried out by requests that outlive the page. */
function leave(): void {
  leavePage(true)
  actions.flush()
}
