import type { SluiceError } from '../../src/core/errors.ts'
import { errorText } from '../state/texts.ts'
import { fieldError } from './field-error.ts'

/** What is wrong, by the field that it is wrong with. */
export type ProblemAt<F extends string> = { readonly [K in F]?: string }

/** Puts a refusal of the daemon at the field that it names, at `otherwise` where it names none. Hints come with it. */
export function problemAt<F extends string>(
  error: Pick<SluiceError, 'code' | 'message' | 'hint'>,
  fields: readonly F[],
  otherwise: F,
): ProblemAt<F> {
  const path = /^([\w.]+): /.exec(error.message)?.[1] ?? ''
  const named = fields.find((field) => path.split('.').includes(field))
  const { text, hint } = named === undefined ? errorText(error) : { text: fieldError(path, error.message), ...error }
  return { [named ?? otherwise]: hint === '' ? text : `${text} ${hint}` } as ProblemAt<F>
}
