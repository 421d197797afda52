import { useEffect } from 'react'
import { t } from '../i18n/index.ts'
import { currentView, setView } from '../state/address.ts'
import { onDownloadEvent } from '../state/live.ts'
import { announce, dismissToast, toast } from '../state/toasts.ts'
import { batched, sentencesOf } from './happenings.ts'
import type { Happening, Sentence } from './happenings.ts'

/** Several at once are told together, a second after the first. */
const delay = 1000

/** Tells of starts, ends and failures on the page, each once: starts by voice only, the others in a message. */
export function useDownloadNews(): void {
  useEffect(() => {
    /** Completed ones whose message is still there: the next message tells of them too. */
    let told: Happening[] = []
    let shown: number | undefined

    const tell = (happenings: readonly Happening[]): void => {
      for (const sentence of sentencesOf(happenings)) {
        if (sentence.type === 'started') announce(textOf(sentence))
        if (sentence.type === 'failed') toast({ kind: 'error', text: textOf(sentence), ...actionTo('active') })
        if (sentence.type === 'completed') tellCompleted(happenings.filter(({ type }) => type === 'completed'))
      }
    }

    const tellCompleted = (completed: readonly Happening[]): void => {
      const all = [...told, ...completed]
      if (shown !== undefined) dismissToast(shown)
      told = all
      const [sentence] = sentencesOf(all)
      if (sentence === undefined) return
      const mine = toast({
        kind: 'good',
        text: textOf(sentence),
        ...actionTo('completed'),
        onGone() {
          if (shown !== mine) return
          told = []
          shown = undefined
        },
      })
      shown = mine
    }

    const batch = batched(delay, tell)
    const endEvents = onDownloadEvent(({ type, download }) => {
      if (type !== 'added') batch.add({ type, id: download.id, name: download.filename })
    })
    return () => {
      endEvents()
      batch.close()
    }
  }, [])
}

function textOf({ key, params }: Sentence): string {
  return t(key, params)
}

/** A way to where the downloads went, unless that is what is shown. */
function actionTo(tab: 'active' | 'completed'): { action?: { label: string; onSelect: () => void } } {
  const view = currentView()
  if (view.page === 'downloads' && view.tab === tab) return {}
  return { action: { label: t('frame.show'), onSelect: () => setView({ page: 'downloads', tab }) } }
}
