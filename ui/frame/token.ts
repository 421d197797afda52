import { createValue } from '../state/value.ts'

/** Whether the dialog was put aside although the daemon asks for the token; the banner brings it back. */
export const tokenAside = createValue(false)

export function openTokenDialog(): void {
  tokenAside.set(false)
}
