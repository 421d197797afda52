import { errorText } from '../state/texts.ts'
import { ConflictNotice } from './conflict-notice.tsx'
import { ListPanel } from './list-panel.tsx'
import { Notice } from './notice.tsx'
import { PreviewPanel } from './preview-panel.tsx'
import styles from './add-bar.module.css'
import type { Recognised } from './recognise.ts'
import { problemText } from './texts.ts'
import type { Adding, Conflict } from './use-adding.ts'
import type { PreviewState } from './use-preview.ts'
import { useRested } from './use-rested.ts'

export interface AddStatusProps {
  readonly id: string
  readonly found: Recognised
  readonly preview: PreviewState
  readonly adding: Adding
  readonly conflict: Conflict | null
  /** The person wanted to add just this. */
  readonly isAsked: boolean
  readonly onShow: (id: string) => void
  readonly onLeave: (conflict: Conflict) => void
  /** One that exists was chosen in place of one that does not. */
  readonly onPlatform: (platform: string) => void
}

/** Everything there is to say about what stands in the field, below it. */
export function AddStatus(props: AddStatusProps) {
  const { id, found, preview, adding, conflict, isAsked, onShow, onLeave, onPlatform } = props
  const { error, rest } = adding
  const rested = useRested(found, 600)
  const { text, hint } = error === null ? { text: '', hint: '' } : errorText(error)
  const [first] = conflict?.ids ?? []
  return (
    <div className={styles['status']} id={id}>
      {'reference' in found && preview.kind !== 'none' && (
        <PreviewPanel state={preview} kind={found.kind} onPlatform={onPlatform} />
      )}
      {(found.kind === 'list' || rest !== null) && (
        <ListPanel
          count={found.kind === 'list' ? found.items.length : 0}
          problems={rest?.problems ?? (found.kind === 'list' ? found.problems : [])}
          isLeft={rest !== null}
        />
      )}
      {found.kind === 'wrong' && rest === null && (isAsked || rested === found) && (
        <Notice tone="warning" isAnswer={isAsked} {...problemText(found.problem)} />
      )}
      {error !== null && <Notice tone="danger" isAnswer text={text} hint={hint} />}
      {conflict !== null && first !== undefined && (
        <ConflictNotice
          count={conflict.ids.length}
          isInField={conflict.isInField}
          isAsked={adding.conflict !== null}
          onShow={() => onShow(first)}
          onAgain={() => void adding.again(conflict)}
          onLeave={() => onLeave(conflict)}
        />
      )}
    </div>
  )
}
