import { useEffect, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import { versionOfReference } from '../../src/core/llama-reference.ts'
import { parseModel } from '../../src/core/model-name.ts'
import type { AddRequest, Preview, PullInput, PullPreview } from '../../src/server/api-types.ts'
import { client } from '../state/client.ts'

/** How long someone pauses who has typed to the end. */
const pause = 400

export type Question =
  | { readonly kind: 'file'; readonly request: AddRequest }
  | { readonly kind: 'release'; readonly request: AddRequest }
  | { readonly kind: 'model'; readonly input: PullInput }
  | { readonly kind: 'llama'; readonly request: AddRequest }

export type PreviewState =
  | { readonly kind: 'none' | 'loading' }
  | { readonly kind: 'file' | 'llama' | 'release'; readonly preview: Preview }
  | { readonly kind: 'model'; readonly preview: PullPreview }
  | { readonly kind: 'failed'; readonly error: SluiceError }

const none: PreviewState = { kind: 'none' }
const loading: PreviewState = { kind: 'loading' }

/** What the server says of a request, asked once typing rests. A question that is no longer of use is taken back. */
export function usePreview(question: Question | null): PreviewState {
  const wanted = question === null ? '' : JSON.stringify(question)
  const [answer, setAnswer] = useState<{ readonly to: string; readonly state: PreviewState }>({ to: '', state: none })
  useEffect(() => {
    if (wanted === '') return undefined
    const stop = new AbortController()
    const tell = (state: PreviewState): void => {
      if (!stop.signal.aborted) setAnswer({ to: wanted, state })
    }
    const timer = setTimeout(() => {
      ask(JSON.parse(wanted) as Question, stop.signal).then(tell, (error: unknown) =>
        tell({ kind: 'failed', error: asSluiceError(error) }),
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

async function ask(question: Question, signal: AbortSignal): Promise<PreviewState> {
  if (question.kind === 'file') return { kind: 'file', preview: await client.preview(question.request, signal) }
  if (question.kind === 'release') return { kind: 'release', preview: await client.preview(question.request, signal) }
  if (question.kind === 'llama') {
    const { request } = question
    // What is wrong with a version needs no daemon to say it.
    versionOfReference(request.reference)
    return { kind: 'llama', preview: await client.preview(request, signal) }
  }
  const { input } = question
  // What is wrong with a name needs no daemon to say it.
  parseModel(input.model, { registry: input.registry })
  return { kind: 'model', preview: await client.previewPull(input, signal) }
}
