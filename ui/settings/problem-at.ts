import type { SluiceError } from '../../src/core/errors.ts'
import { fieldError } from './field-error.ts'

/** What is wrong, by the field that it is wrong with. */
export type ProblemAt<F extends string> = { readonly [K in F]?: string }

/** Puts a refusal of the daemon at the field that it names, at `otherwise` where it names none. Hints come with it. */
export function problemAt<F extends string>(
  { message, hint }: Pick<SluiceError, 'message' | 'hint'>,
  fields: readonly F[],
  otherwise: F,
): ProblemAt<F> {
  const path = /^([\w.]+): /.exec(message)?.[1] ?? ''
  const named = fields.find((field) => path.split('.').includes(field))
  const sentence = fieldError(path, message)
  return { [named ?? otherwise]: hint === '' ? sentence : `${sentence} ${hint}` } as ProblemAt<F>
}
