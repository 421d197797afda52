import { useAnnouncement } from '../state/toasts.ts'

/** Says what was announced, to those who hear the page. Two places in turn, so that the same words are said again. */
export function Announcer() {
  const { text, number } = useAnnouncement()
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      <p>{number % 2 === 0 ? text : ''}</p>
      <p>{number % 2 === 1 ? text : ''}</p>
    </div>
  )
}
