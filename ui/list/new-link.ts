import { changeDraft } from '../add/draft.ts'

/** Puts a link into the field that adds, to be looked at and changed there. */
export function newLink(text: string): void {
  changeDraft({ text })
  const field = document.querySelector<HTMLTextAreaElement>('#content form textarea')
  field?.focus()
  requestAnimationFrame(() => field?.select())
}
