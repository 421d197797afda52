import { asSluiceError } from '../../src/core/errors.ts'
import { client } from './client.ts'
import { sync } from './live.ts'
import { errorText } from './texts.ts'
import { toast } from './toasts.ts'

/** The daemon runs on the machine that this page is looked at on, and sees its desktop. */
export function canOpenFolders(): boolean {
  return sync.health.get()?.canOpenFolders === true
}

/** Has the folder of a finished file shown. Never rejects: what goes wrong is told in a toast. */
export async function openFolder(id: string): Promise<void> {
  try {
    await client.openFolder(id)
  } catch (thrown) {
    const { text, hint, detail } = errorText(asSluiceError(thrown))
    toast({ kind: 'error', text: [text, detail, hint].filter(Boolean).join(' ') })
  }
}
