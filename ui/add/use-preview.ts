import { useEffect, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import type { AddRequest, Preview } from '../../src/server/api-types.ts'
import { client } from '../state/client.ts'

/** How long someone pauses who has typed to the end. */
const pause = 400

export type PreviewState =
  | { readonly kind: 'none' | 'loading' }
  | { readonly kind: 'ready'; readonly preview: Preview }
  | { readonly kind: 'failed'; readonly error: SluiceError }

const none: PreviewState = { kind: 'none' }
const loading: PreviewState = { kind: 'loading' }

/** What the server says of a request, asked once typing rests. A question that is no longer of use is taken back. */
export function usePreview(request: AddRequest | null): PreviewState {
  const wanted = request === null ? '' : JSON.stringify(request)
  const [answer, setAnswer] = useState<{ readonly to: string; readonly state: PreviewState }>({ to: '', state: none })
  useEffect(() => {
    if (wanted === '') return undefined
    const stop = new AbortController()
    const tell = (state: PreviewState): void => {
      if (!stop.signal.aborted) setAnswer({ to: wanted, state })
    }
    const timer = setTimeout(() => {
      client.preview(JSON.parse(wanted) as AddRequest, stop.signal).then(
        (preview) => tell({ kind: 'ready', preview }),
        (error: unknown) => tell({ kind: 'failed', error: asSluiceError(error) }),
      )
    }, pause)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [wanted])
  if (wanted === '') return none
  return answer.to === wanted ? answer.state : loading
}
