import { judgeAnswer } from '../core/answer.ts'
import { SluiceError } from '../core/errors.ts'
import { parseHttpUrl, redactUrl } from '../core/url.ts'
import type { ResponseHead } from '../wire/types.ts'
import { nameFor } from './expected-name.ts'
import { fetchLocation } from './fetch.ts'
import type { FetchContext } from './fetch.ts'
import { answerOf } from './lane.ts'
import { makeLocation } from './location.ts'
import { referenceId } from './session.ts'
import { digestsFrom } from './server-digests.ts'
import type { FileRequest, Preview } from './types.ts'

/** Asks with a plain GET and leaves at the head: many links refuse HEAD or answer it otherwise. Writes nothing. */
export function previewFile(
  context: FetchContext,
  request: FileRequest,
  signal: AbortSignal | undefined,
): Promise<Preview> {
  const location = makeLocation(parseHttpUrl(request.reference), false)
  const { promise, resolve, reject } = Promise.withResolvers<Preview>()
  if (signal?.aborted) return Promise.reject(new SluiceError('interrupted', 'The request was interrupted.'))
  const fetch = fetchLocation(
    context,
    location,
    [],
    { keepBuffers: false },
    {
      head(head) {
        const judgement = judgeAnswer(answerOf(head), null, null, context.now())
        if (judgement.kind === 'refused') throw judgement.error
        resolve(describe(request, location.original, head, context.now()))
        fetch.abort()
      },
      data: () => undefined,
      end: () => {},
      fail: reject,
    },
  )
  const interrupt = (): void => {
    fetch.abort()
    reject(new SluiceError('interrupted', 'The request was interrupted.'))
  }
  signal?.addEventListener('abort', interrupt, { once: true })
  return promise.finally(() => signal?.removeEventListener('abort', interrupt))
}

async function describe(request: FileRequest, original: URL, head: ResponseHead, now: number): Promise<Preview> {
  const { coded } = answerOf(head)
  const digests = [...request.digests, ...((await digestsFrom(head, coded)) ?? [])]
  const digest = digests.find(({ algorithm }) => algorithm === 'sha256') ?? digests[0]
  return {
    reference: request.reference,
    url: redactUrl(head.url),
    filename: nameFor(
      {
        output: request.output,
        template: request.options?.nameTemplate,
        id: referenceId(request, original),
        now,
      },
      {
        contentDisposition: head.field('content-disposition'),
        requestUrl: original,
        finalUrl: head.url,
        contentType: head.field('content-type'),
      },
    ),
    size: coded ? null : head.contentLength,
    type: head.field('content-type') ?? null,
    resumable: !coded && head.contentLength !== null && /\bbytes\b/i.test(head.field('accept-ranges') ?? ''),
    digestKnown: digest !== undefined,
    ...(digest === undefined ? {} : { digest: `${digest.algorithm}:${digest.hex}` }),
  }
}
