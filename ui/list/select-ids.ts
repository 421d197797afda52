import { asSluiceError } from '../../src/core/errors.ts'
import type { View } from '../state/address.ts'
import { allIds } from '../state/lists.ts'
import { selection } from '../state/selection.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'

/** Selects everything that the view holds, also what is not loaded. */
export async function selectIds(view: View): Promise<void> {
  const ids = await idsOf(view)
  if (ids.length > 0) selection.all(ids)
}

/** All ids of a view in its order; none, with a message, where the daemon does not tell. */
export async function idsOf(view: View): Promise<string[]> {
  try {
    return await allIds(view)
  } catch (thrown) {
    const { text, hint } = errorText(asSluiceError(thrown))
    toast({ kind: 'error', text: `${text} ${hint}`.trim() })
    return []
  }
}
