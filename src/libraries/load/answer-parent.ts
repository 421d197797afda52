import { asSluiceError } from '../../core/errors.ts'
import { field, isRecord } from '../../core/json-record.ts'
import { errorData } from '../../transfer/engine-messages.ts'
import type { ErrorData } from '../../transfer/engine-messages.ts'

/** What a child sends, once. */
type ChildReply = { readonly value: unknown } | { readonly error: ErrorData }

/** Waits for the question of `askChild`, answers it, and stays until the parent ends this process. */
export function answerParent(answer: (question: unknown) => Promise<unknown>): void {
  process.once('message', (message) => {
    const question = isRecord(message) ? field(message, 'question') : undefined
    answer(question).then(
      (value) => reply({ value: value ?? null }),
      (error: unknown) => reply({ error: errorData(asSluiceError(error)) }),
    )
  })
  // Without its parent nobody reads the answer. Destructors of native code are not run: they may crash or hang.
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
}

function reply(message: ChildReply): void {
  process.send?.(message)
}
