import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { toast } from '../state/toasts.ts'
import { largestList, linesOfFile, linesOfUriList, mayBeList } from './list-file.ts'

/** The lines in what was dropped or pasted; '' when there are none, and then it was said why. */
export async function linesOfTransfer(transfer: DataTransfer): Promise<string> {
  // Everything must be taken out at once: afterwards the browser empties it.
  const files = [...transfer.files]
  const links = linesOfUriList(transfer.getData('text/uri-list'))
  const text = transfer.getData('text/plain').trim()
  if (files.length > 0 && links === '')
    return (await Promise.all(files.map(linesOf))).filter((one) => one !== '').join('\n')
  // Some browsers give only the first of several links as such, and all of them as text.
  return links === '' || text.split('\n').length > links.split('\n').length ? text : links
}

/** Whether what has the focus takes the text itself, or is a layer above the page. */
export function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('[role=dialog],[role=alertdialog]') !== null) return true
  return target instanceof Element && target.closest('input,textarea,select,[contenteditable]') !== null
}

async function linesOf(file: File): Promise<string> {
  const { name } = file
  if (!mayBeList(file)) return refuse(t('add.fileNoList', { name }))
  if (file.size > largestList) return refuse(t('add.fileTooLarge', { name, size: bytes(largestList) }))
  try {
    const lines = linesOfFile(name, await file.text())
    if (lines === null) return refuse(t('add.fileNoList', { name }))
    return lines === '' ? refuse(t('add.fileNoLinks', { name })) : lines
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    return refuse(t('add.fileUnreadable', { name }))
  }
}

function refuse(text: string): '' {
  toast({ kind: 'warning', text })
  return ''
}
