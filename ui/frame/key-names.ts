import type { Key } from '../i18n/index.ts'

const named: Readonly<Record<string, Key>> = {
  Shift: 'frame.keyShift',
  ' ': 'frame.keySpace',
  Enter: 'frame.keyEnter',
  Delete: 'frame.keyDelete',
  Escape: 'frame.keyEscape',
  ArrowUp: 'frame.keyUp',
  ArrowDown: 'frame.keyDown',
  Home: 'frame.keyHome',
  End: 'frame.keyEnd',
}

/** A key of the table of shortcuts as it stands on the keyboard: `Mod+n` as `Ctrl+N`, or `⌘+N` on a Mac. */
export function keyNames(keys: string, mac: boolean, word: (key: Key) => string): string {
  return keys
    .split('+')
    .map((key) => {
      if (key === 'Mod') return mac ? '⌘' : word('frame.keyCtrl')
      const name = named[key]
      return name === undefined ? key.toUpperCase() : word(name)
    })
    .join('+')
}
