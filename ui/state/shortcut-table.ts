export interface Shortcut {
  readonly name: ShortcutName
  /** Each as KeyboardEvent.key, with `Mod+` for Ctrl (Cmd on a Mac) and `Shift+` in front. */
  readonly keys: readonly string[]
  /** Belongs to the focused row or list; a control that has the focus itself keeps the key. */
  readonly onRow?: boolean
}

export type ShortcutName =
  | 'new'
  | 'selectAll'
  | 'remove'
  | 'pauseResume'
  | 'pauseAll'
  | 'resumeAll'
  | 'search'
  | 'settings'
  | 'history'
  | 'help'
  | 'select'
  | 'open'
  | 'up'
  | 'down'
  | 'first'
  | 'last'
  | 'escape'

/** All of them, in the order of the help. */
export const shortcuts: readonly Shortcut[] = [
  { name: 'new', keys: ['n', 'Mod+n'] },
  { name: 'search', keys: ['f', '/'] },
  { name: 'selectAll', keys: ['a', 'Mod+a'] },
  { name: 'remove', keys: ['d', 'Delete'] },
  { name: 'pauseResume', keys: ['p'] },
  { name: 'pauseAll', keys: ['Shift+p'] },
  { name: 'resumeAll', keys: ['Shift+r'] },
  { name: 'settings', keys: ['s'] },
  { name: 'history', keys: ['h'] },
  { name: 'up', keys: ['ArrowUp'], onRow: true },
  { name: 'down', keys: ['ArrowDown'], onRow: true },
  { name: 'first', keys: ['Home'], onRow: true },
  { name: 'last', keys: ['End'], onRow: true },
  { name: 'select', keys: [' '], onRow: true },
  { name: 'open', keys: ['Enter'], onRow: true },
  { name: 'escape', keys: ['Escape'] },
  { name: 'help', keys: ['?'] },
]

export interface Pressed {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** The shortcut of a key, or null. Letters are found by their place too, so that they work in any script. */
export function shortcutOf(pressed: Pressed, letters: boolean): Shortcut | null {
  if (pressed.altKey) return null
  const names = namesOf(pressed)
  const found = shortcuts.find(({ keys }) => keys.some((key) => names.includes(key)))
  if (found === undefined) return null
  return !letters && names.every((name) => name.replace('Shift+', '').length === 1 && name !== ' ') ? null : found
}

function namesOf({ key, code, ctrlKey, metaKey, shiftKey }: Pressed): string[] {
  const mod = ctrlKey || metaKey ? 'Mod+' : ''
  const place = /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : ''
  // `?` and `/` stand elsewhere on each keyboard and are only known by what they write.
  const written = key.length === 1 && !/[a-z]/i.test(key) && key !== ' ' ? [`${mod}${key}`] : []
  const latin = /^[a-z]$/i.test(key) ? key.toLowerCase() : key.length === 1 && key.charCodeAt(0) > 127 ? place : ''
  const plain = latin === '' ? (key.length > 1 || key === ' ' ? key : '') : latin
  return plain === '' ? written : [...written, `${mod}${shiftKey ? 'Shift+' : ''}${plain}`]
}

const texts =
  'input:not([type=checkbox],[type=radio],[type=button],[type=submit],[type=range]),textarea,select,[contenteditable=""],[contenteditable=true]'
const layers = '[role=dialog],[role=alertdialog],[role=menu],[role=listbox]'
const controls =
  'button,a[href],input,summary,[role=button],[role=tab],[role=switch],[role=checkbox],[role=slider],[role=separator]'

export interface KeyTarget {
  closest(selectors: string): unknown
}

/** Whether a key belongs to what has the focus: a text that is typed, a dialog, a menu, a button. */
export function isTaken(shortcut: Shortcut, target: KeyTarget | null): boolean {
  if (target === null) return false
  if (target.closest(texts) !== null || target.closest(layers) !== null) return true
  return shortcut.onRow === true && target.closest(controls) !== null
}
