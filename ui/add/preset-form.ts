import type { Settings } from '../../src/server/api-types.ts'
import type { OptionsForm } from './form.ts'
import { linesIn, present } from './read-form.ts'
import type { ReadForm } from './read-form.ts'

export type Preset = Settings['presets'][number]

/** The form with all that a preset can hold taken from it. */
export function withPreset(form: OptionsForm, preset: Preset): OptionsForm {
  const headers = [
    ...linesIn(form.headers).filter((line) => !/^(?:user-agent|referer)\s*:/i.test(line)),
    ...(preset.userAgent ? [`User-Agent: ${preset.userAgent}`] : []),
    ...(preset.referer ? [`Referer: ${preset.referer}`] : []),
  ]
  return {
    ...form,
    dir: preset.dir ?? '',
    priority: digits(preset.priority),
    connections: digits(preset.connections),
    speedLimit: digits(preset.speedLimit),
    retries: digits(preset.retries),
    ifExists: preset.ifExists ?? '',
    headers: headers.join('\n'),
  }
}

/** The fields that a preset can hold; other headers may be secrets, and settings hold none. */
export function presetOf(name: string, { request }: ReadForm): Preset {
  const { dir, priority, connections, speedLimit, retries, ifExists, userAgent, referer } = request
  return { name, ...present({ dir, priority, connections, speedLimit, retries, ifExists, userAgent, referer }) }
}

/** The presets with this one in the place of that of its name, or at the end. */
export function withSaved(presets: readonly Preset[], preset: Preset): readonly Preset[] {
  const known = presets.some(({ name }) => name === preset.name)
  return known ? presets.map((one) => (one.name === preset.name ? preset : one)) : [...presets, preset]
}

function digits(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}
