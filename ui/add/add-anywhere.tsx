import { setView } from '../state/address.ts'
import { useShortcut } from '../state/shortcuts.ts'
import { changeDraft } from './draft.ts'
import { DropAndPaste } from './drop-and-paste.tsx'

/** For pages without the add bar: drops, pastes and the shortcut lead to it. */
export function AddAnywhere() {
  useShortcut('new', () => {
    changeDraft({ wantsFocus: true })
    setView({ page: 'downloads' })
  })
  return <DropAndPaste />
}
