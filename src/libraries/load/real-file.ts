import { realpath } from 'node:fs/promises'
import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'

/** Where a path leads to, without links; `not-loadable` where it leads nowhere. */
export async function realFile(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    throw new SluiceError('not-loadable', `There is no file ${excerpt(path, 400)}.`, {
      hint: 'Check the path, or download the version again: sluice llama download --force.',
      cause: error,
    })
  }
}
