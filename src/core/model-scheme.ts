import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'

/** What the scheme in front of a model says. */
export interface ModelForm {
  /** The grammar of what follows. */
  readonly kind: 'ollama' | 'oci'
  /** How to speak with the registry, null where it does not say. */
  readonly scheme: 'https' | 'http' | null
}

const maxLength = 1024
const forms: ReadonlyMap<string, ModelForm> = new Map([
  ['ollama', { kind: 'ollama', scheme: null }],
  ['https', { kind: 'ollama', scheme: 'https' }],
  ['http', { kind: 'ollama', scheme: 'http' }],
  ['oci', { kind: 'oci', scheme: null }],
  ['docker', { kind: 'oci', scheme: null }],
])

/** Takes the scheme from the front of a model; without one it is a name as the ollama command reads it. */
export function splitModelScheme(text: string): readonly [form: ModelForm, rest: string] {
  if (text === '') throw bad('The model name is empty.')
  if (text.length > maxLength)
    throw bad(`The model name has ${text.length} characters; at most ${maxLength} are allowed.`)
  // What follows these in an address may be secret, so it is not shown.
  if (/[?#]/.test(text)) throw bad('A model name has no "?" and no "#".')
  const match = /^([^/:@]*):\/\/(.*)$/s.exec(text)
  if (match === null) return [{ kind: 'ollama', scheme: null }, text]
  const [, scheme = '', rest = ''] = match
  const form = forms.get(scheme.toLowerCase())
  if (form === undefined) {
    throw bad(
      `Models do not come from "${excerpt(scheme)}://".`,
      'Write ollama://, oci://, docker://, https:// or http:// in front, or nothing.',
    )
  }
  return [form, rest]
}

function bad(message: string, hint?: string): SluiceError {
  return new SluiceError('bad-model-name', message, hint === undefined ? {} : { hint })
}
