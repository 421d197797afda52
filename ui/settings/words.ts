import { bytes, count, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import type { SettingField } from './form-model.ts'
import type { TypedProblem } from './typed-value.ts'

/** The words of the catalogue; where it doesn't know the key, which is newer than this page, those of the schema. */
function words(key: string, otherwise: string): string {
  const text = t(`settings.${key}` as Key)
  return text === `settings.${key}` ? otherwise : text
}

export function titleOf({ key, title }: SettingField): string {
  return words(key, title)
}

export function hintOf({ key, description }: SettingField): string {
  return words(`${key}Hint`, description)
}

export function choiceName(key: string, choice: string | number): string {
  return words(`${key}${choice}`, String(choice))
}

/** A value in words, as the way back to the default names it. */
export function valueText(field: SettingField, value: unknown): string {
  if (field.kind === 'choice' && (typeof value === 'string' || typeof value === 'number'))
    return choiceName(field.key, value)
  if (typeof value === 'boolean') return t(value ? 'settings.on' : 'settings.off')
  if (typeof value === 'number') {
    if (field.kind === 'rate') return value === 0 ? t('settings.noLimit') : rate(value)
    return field.kind === 'size' ? bytes(value) : count(value)
  }
  if (Array.isArray(value)) return value.length === 0 ? t('settings.none') : count(value.length)
  return value === '' ? t('settings.empty') : String(value)
}

export function problemText(kind: SettingField['kind'], problem: TypedProblem): string {
  if ('limit' in problem) {
    if (problem.what === 'long') return t('settings.tooLong', { count: problem.limit })
    const limit = kind === 'rate' ? rate(problem.limit) : kind === 'size' ? bytes(problem.limit) : count(problem.limit)
    return t(problem.what === 'least' ? 'settings.tooSmall' : 'settings.tooLarge', { limit })
  }
  return t(
    ({ rate: 'settings.badRate', size: 'settings.badSize', number: 'settings.badNumber' } as const)[problem.what],
  )
}
