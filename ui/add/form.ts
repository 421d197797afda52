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
  /** Base address of a registry in place of the usual one. */
  readonly registry: string
  readonly platform: string
  readonly concurrency: string
  /** '' installs a model in the store; what is no model of ollama becomes files. */
  readonly target: '' | 'zip' | 'files' | 'layout'
  readonly keepStaging: '' | 'yes'
  /** Platforms of libraries with blanks between them; '' is the machine of the daemon, `none` that all were unticked. */
  readonly targets: string
  /** '' is the best for the machine. */
  readonly variant: string
  readonly strict: '' | 'yes'
  /** Which file of a release: its name, or a pattern. */
  readonly asset: string
  /** The platform that it is for; '' is the machine of the daemon. */
  readonly machine: string
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
  registry: '',
  platform: '',
  concurrency: '',
  target: '',
  keepStaging: '',
  targets: '',
  variant: '',
  strict: '',
  asset: '',
  machine: '',
}

/** What the options are for. */
export interface Purpose {
  readonly isMany: boolean
  readonly hasFiles: boolean
  readonly hasModels: boolean
  readonly hasLlama: boolean
  readonly hasReleases: boolean
}

export const forOneFile: Purpose = {
  isMany: false,
  hasFiles: true,
  hasModels: false,
  hasLlama: false,
  hasReleases: false,
}
export const forOneModel: Purpose = { ...forOneFile, hasFiles: false, hasModels: true }
export const forOneLlama: Purpose = { ...forOneFile, hasFiles: false, hasLlama: true }
export const forOneRelease: Purpose = { ...forOneFile, hasFiles: false, hasReleases: true }

const onlyForOne: ReadonlySet<FieldName> = new Set(['filename', 'checksum', 'mirrors', 'asset'])

const onlyForFiles: ReadonlySet<FieldName> = new Set(['mirrors', 'headers'])
const onlyForReleases: ReadonlySet<FieldName> = new Set(['asset', 'machine'])
const onlyForLlama: ReadonlySet<FieldName> = new Set(['targets', 'variant', 'strict'])
/** Libraries have a folder and names of their own. */
const notForLlama: ReadonlySet<FieldName> = new Set(['dir', 'filename', 'ifExists'])
const onlyForModels: ReadonlySet<FieldName> = new Set(['registry', 'platform', 'concurrency', 'target', 'keepStaging'])

/** Whether a field makes sense for what is added; those that do not are neither shown nor sent. */
export function isUsed(
  field: FieldName,
  { isMany, hasFiles, hasModels, hasLlama, hasReleases }: Purpose,
  { target }: Pick<OptionsForm, 'target'>,
): boolean {
  if (onlyForOne.has(field) && isMany) return false
  if (onlyForFiles.has(field)) return hasFiles
  if (onlyForModels.has(field)) return hasModels && (field !== 'keepStaging' || target === '' || target === 'zip')
  if (onlyForLlama.has(field)) return hasLlama
  if (onlyForReleases.has(field)) return hasReleases
  if (field === 'checksum') return hasFiles || hasReleases
  if (notForLlama.has(field) && !hasFiles && !hasModels && !hasReleases) return false
  // A model in a store has no name of its own.
  return field !== 'filename' || hasFiles || hasReleases || target !== ''
}

/** What stays for the next file. Headers go, so that no secret ever reaches another server than it was meant for. */
export function afterAdding(form: OptionsForm): OptionsForm {
  const start = form.start === 'at' ? 'now' : form.start
  return { ...form, start, filename: '', checksum: '', mirrors: '', headers: '', startAt: '', asset: '' }
}
