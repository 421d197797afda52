import { createValue, useValue } from '../state/value.ts'
import { emptyForm } from './form.ts'
import type { OptionsForm } from './form.ts'
import { appended } from './list-file.ts'

/** What is being typed. It outlives the components (a change of language mounts them anew), but not the page. */
export interface Draft {
  readonly text: string
  readonly form: OptionsForm
  /** The options are open. */
  readonly isOpen: boolean
  /** Name of the preset chosen last, '' for none. */
  readonly preset: string
  /** The field takes the focus as soon as it is there. */
  readonly wantsFocus: boolean
}

const draft = createValue<Draft>({ text: '', form: emptyForm, isOpen: false, preset: '', wantsFocus: false })

export function changeDraft(change: Partial<Draft>): void {
  draft.set({ ...draft.get(), ...change })
}

export function changeForm(change: Partial<OptionsForm>): void {
  changeDraft({ form: { ...draft.get().form, ...change } })
}

/** Puts lines below those that are there; the field asks for the focus. */
export function putLines(lines: string): void {
  changeDraft({ text: appended(draft.get().text, lines), wantsFocus: true })
}

export function useDraft(): Draft {
  return useValue(draft)
}

export const currentDraft = draft.get
