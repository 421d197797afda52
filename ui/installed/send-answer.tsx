import type { SluiceError } from '../../src/core/errors.ts'
import { ConflictNotice } from '../add/conflict-notice.tsx'
import { Notice } from '../add/notice.tsx'
import { showDownload } from '../add/show-download.ts'
import { errorText } from '../state/texts.ts'

/** What the daemon answered to a form; it holds no more once the form is another one. */
export type Answer =
  | { readonly kind: 'error'; readonly error: SluiceError }
  /** It is listed already, under this id. */
  | { readonly kind: 'listed'; readonly id: string }
  | { readonly kind: 'none' }

export const noAnswer: Answer = { kind: 'none' }

export interface SendAnswerProps {
  readonly answer: Answer
  /** The form is done: the download that was there before is shown instead. */
  readonly onDone: () => void
  /** It is wanted although it is listed. */
  readonly onAgain: () => void
  readonly onLeave: () => void
}

/** Why a form of a dialog was not taken, with what can be done about it. */
export function SendAnswer({ answer, onDone, onAgain, onLeave }: SendAnswerProps) {
  if (answer.kind === 'none') return null
  if (answer.kind === 'error') return <Notice tone="danger" isAnswer {...wordsOf(answer.error)} />
  return (
    <ConflictNotice
      count={1}
      isInField
      isAsked
      onShow={() => {
        onDone()
        void showDownload(answer.id)
      }}
      onAgain={onAgain}
      onLeave={onLeave}
    />
  )
}

function wordsOf(error: SluiceError): { readonly text: string; readonly hint: string } {
  const { text, hint, detail } = errorText(error)
  return { text: detail === '' ? text : detail, hint }
}
