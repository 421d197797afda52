import { setTimeout as sleep } from 'node:timers/promises'
import { digestHex } from '../core/blob-digest.ts'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'
import { shortHash } from '../core/short-hash.ts'
import type { Engine, FileRequest, Finished, TransferEvent } from '../transfer/types.ts'
import type { BlobSpec, ModelPlan } from '../sources/types.ts'
import type { Delivery } from './delivery.ts'
import type { PullRequest } from './types.ts'

export interface BlobContext {
  readonly engine: Engine
  readonly plan: ModelPlan
  readonly delivery: Delivery
  readonly request: PullRequest
  /** The name that all transfers of the pull share at the engine. */
  readonly group: string
  readonly signal: AbortSignal
  readonly limitRate: () => number | undefined
}

/** Where what is told of files in general does not help: nobody typed the address of a blob. */
const hints: Partial<Record<ErrorCode, string>> = {
  'http-not-found':
    'The manifest names this blob, but the registry has it not. Ask whoever runs it, or take another tag.',
  'digest-mismatch':
    'The registry sent other bytes than its manifest promises. Try again; if it stays so, ask whoever runs the registry.',
  'size-mismatch':
    'The registry has another file there than its manifest promises. Ask whoever runs it, or take another tag.',
}

/** How often to look whether another process has let go of a blob, in ms. */
const patience = 1000

/** Names the transfer of a blob at the engine: the same for the same blob in the same folder. */
export function blobKey(delivery: Delivery, blob: BlobSpec): string {
  const { dir, output } = delivery.place(blob)
  return transferKey(dir, output)
}

export function transferKey(dir: string, output: string): string {
  return `dl-${shortHash(`${dir}\n${output}`)}`
}

/**
 * Fetches one blob and compares its digest. Where another process fetches the same blob into the same folder, waits until
 * that is done; null when the blob is good by then.
 */
export async function downloadBlob(
  context: BlobContext,
  blob: BlobSpec,
  onEvent: (event: TransferEvent) => void,
): Promise<Finished | null> {
  const { engine, plan, delivery, signal } = context
  const request = blobRequest(context, blob)
  let waited = false
  for (;;) {
    try {
      return await engine.get(request, { signal, onEvent, authorize: plan.authorize })
    } catch (thrown) {
      const error = asSluiceError(thrown)
      if (error.code !== 'in-use') throw nameBlob(error, blob)
    }
    if (!waited) {
      const message = `Blob ${digestHex(blob.digest).slice(0, 12)} is being fetched by another Sluice; waiting for it.`
      onEvent({ type: 'warning', id: 0, reference: request.reference, code: 'in-use', message })
    }
    waited = true
    await sleep(patience, undefined, { signal }).catch(() => signal.throwIfAborted())
    if (await delivery.has(blob, signal)) return null
  }
}

function blobRequest(context: BlobContext, blob: BlobSpec): FileRequest {
  const { delivery, request, group } = context
  const { dir, output, reserve } = delivery.place(blob)
  const { connections, retries } = request
  const limitRate = context.limitRate()
  return {
    reference: blob.url,
    dir,
    output,
    digests: [{ algorithm: 'sha256', hex: digestHex(blob.digest) }],
    mirrors: [],
    size: blob.size,
    key: blobKey(delivery, blob),
    group,
    ...(reserve === undefined ? {} : { reserve }),
    options: {
      ifExists: 'overwrite',
      ifChanged: 'restart',
      allowHtml: true,
      ...(connections === undefined ? {} : { connections }),
      ...(limitRate === undefined ? {} : { limitRate }),
      ...(retries === undefined ? {} : { retries }),
    },
  }
}

/** An error of one blob of many says which. */
function nameBlob(error: SluiceError, { digest }: BlobSpec): SluiceError {
  if (error.code === 'interrupted') return error
  const { code, message, retry, status, retryAfter } = error
  const hint = hints[code] ?? error.hint
  return new SluiceError(code, `Blob ${digest}: ${message}`, {
    hint,
    retry,
    cause: error,
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}
