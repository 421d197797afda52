/** How a setting is edited. `other` is a kind this page doesn't know: it is shown and can only be put back. */
export type FieldKind =
  | 'switch'
  | 'text'
  | 'number'
  | 'rate'
  | 'size'
  | 'choice'
  | 'windows'
  | 'headers'
  | 'presets'
  | 'other'

export interface SettingField {
  readonly key: string
  readonly kind: FieldKind
  /** The schema's own words, for keys that the catalogue doesn't know. */
  readonly title: string
  readonly description: string
  readonly byDefault: unknown
  readonly min?: number
  readonly max?: number
  readonly maxLength?: number
  readonly choices?: ReadonlyArray<string | number>
}

export interface FieldSection {
  readonly id: SectionId
  readonly fields: readonly SettingField[]
}

export type SectionId = 'queue' | 'speed' | 'files' | 'network' | 'retries' | 'more'

type Json = Readonly<Record<string, unknown>>

const sectionOf: Readonly<Record<string, SectionId>> = {
  maxConcurrent: 'queue',
  autoStart: 'queue',
  ifDuplicate: 'queue',
  clearCompleted: 'queue',
  presets: 'queue',
  speedLimit: 'speed',
  speedWindows: 'speed',
  downloadFolder: 'files',
  ifExists: 'files',
  filenameTemplate: 'files',
  keepPartFiles: 'files',
  pauseOnLowDisk: 'files',
  minFreeSpace: 'files',
  connectionsPerDownload: 'network',
  connectionsPerHost: 'network',
  userAgent: 'network',
  headers: 'network',
  allowPrivate: 'network',
  retries: 'retries',
  autoRetry: 'retries',
}

const sectionOrder: readonly SectionId[] = ['queue', 'speed', 'files', 'network', 'retries', 'more']

/** What the schema cannot say: these are numbers of bytes, and these lists have editors of their own. */
const ownKinds: Readonly<Record<string, FieldKind>> = {
  speedLimit: 'rate',
  minFreeSpace: 'size',
  speedWindows: 'windows',
  headers: 'headers',
  presets: 'presets',
}

/** The fields of the settings as the OpenAPI document describes them; none where it doesn't. */
export function settingFields(document: unknown): SettingField[] {
  const properties = inside(document, 'components', 'schemas', 'Settings', 'properties')
  return Object.entries(properties).map(([key, schema]) => settingField(key, isObject(schema) ? schema : {}))
}

/** The fields by section, in the order in which people look for them; keys that are new go to `more`. */
export function fieldSections(fields: readonly SettingField[]): FieldSection[] {
  const places = Object.keys(sectionOf)
  const place = (key: string): number => (places.includes(key) ? places.indexOf(key) : places.length)
  const sorted = [...fields].sort((a, b) => place(a.key) - place(b.key))
  return sectionOrder
    .map((id) => ({ id, fields: sorted.filter(({ key }) => (sectionOf[key] ?? 'more') === id) }))
    .filter((section) => section.fields.length > 0)
}

function settingField(key: string, schema: Json): SettingField {
  const choices = choicesOf(schema)
  return {
    key,
    kind: kindOf(key, schema, choices),
    title: textOf(schema['title'], key),
    description: textOf(schema['description'], ''),
    byDefault: schema['default'],
    ...numberOf(schema, 'minimum', 'min'),
    ...numberOf(schema, 'maximum', 'max'),
    ...numberOf(schema, 'maxLength', 'maxLength'),
    ...(choices.length === 0 ? {} : { choices }),
  }
}

function kindOf(key: string, { type }: Json, choices: readonly unknown[]): FieldKind {
  const own = ownKinds[key]
  if (own !== undefined) return own
  if (choices.length > 0) return 'choice'
  if (type === 'boolean') return 'switch'
  if (type === 'integer' || type === 'number') return 'number'
  return type === 'string' ? 'text' : 'other'
}

/** Of an enumeration, or of alternatives that are one value each. */
function choicesOf(schema: Json): Array<string | number> {
  const anyOf = Array.isArray(schema['anyOf']) ? schema['anyOf'] : []
  const single: unknown[] = anyOf.map((one: unknown) => (isObject(one) ? one['const'] : undefined))
  const values: unknown[] = Array.isArray(schema['enum']) ? schema['enum'] : single
  return values.every(isChoice) ? values : []
}

function isChoice(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

function numberOf<N extends string>(schema: Json, from: string, to: N): { readonly [K in N]?: number } {
  const value = schema[from]
  return typeof value === 'number' ? ({ [to]: value } as { readonly [K in N]?: number }) : {}
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

function inside(value: unknown, ...path: readonly string[]): Json {
  let found = value
  for (const key of path) found = isObject(found) ? found[key] : undefined
  return isObject(found) ? found : {}
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
