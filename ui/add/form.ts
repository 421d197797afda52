/** The fields of the options as they are typed; '' is left away. */
export interface OptionsForm {
  readonly dir: string
  readonly filename: string
  readonly priority: string
  readonly checksum: string
  readonly headers: string
  readonly speedLimit: string
  readonly connections: string
  readonly mirrors: string
  readonly ifExists: string
  readonly start: 'now' | 'paused' | 'at'
  /** As `datetime-local` has it: local, without a zone. */
  readonly startAt: string
  readonly retries: string
}

export type FieldName = keyof OptionsForm

export const emptyForm: OptionsForm = {
  dir: '',
  filename: '',
  priority: '',
  checksum: '',
  headers: '',
  speedLimit: '',
  connections: '',
  mirrors: '',
  ifExists: '',
  start: 'now',
  startAt: '',
  retries: '',
}

const onlyForOne: ReadonlySet<FieldName> = new Set(['filename', 'checksum', 'mirrors'])

/** Fields that make no sense for many files at once. */
export function isForOne(field: FieldName): boolean {
  return onlyForOne.has(field)
}

/** What stays for the next file. Headers go, so that no secret ever reaches another server than it was meant for. */
export function afterAdding(form: OptionsForm): OptionsForm {
  const start = form.start === 'at' ? 'now' : form.start
  return { ...form, start, filename: '', checksum: '', mirrors: '', headers: '', startAt: '' }
}
