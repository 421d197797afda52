import { createValue } from '../state/value.ts'

/** Whether the help is open: it is opened by a key, from a menu and from the settings. */
export const help = createValue(false)

export function openHelp(): void {
  help.set(true)
}
