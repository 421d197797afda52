import type { Client } from '../../client/client.ts'
import { settingsOptions } from '../../config/daemon-options.ts'
import { SluiceError } from '../../core/errors.ts'
import { parseRate } from '../../core/units.ts'
import { closest } from '../closest.ts'
import type { Command } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'

type Values = Readonly<Record<string, unknown>>

export const settingsCommand: Command<(typeof settingsOptions)[number]['name']> = {
  options: settingsOptions,
  examples: [
    'sluice settings',
    'sluice settings maxConcurrent 8',
    'sluice settings speedLimit 10m',
    'sluice settings --reset speedLimit',
  ],
  async run(settings, operands, context) {
    const [key, value, ...rest] = operands
    noOperands(rest)
    const reset = settings.flag('reset')
    if (reset && value !== undefined) throw new SluiceError('usage', '--reset takes no value.')
    const { out } = context.screen
    const daemon = await openDaemon(settings, context)
    const after = await changed(daemon, key, value, reset)
    if (settings.flag('quiet') && (reset || value !== undefined)) return 0
    if (key !== undefined) out.line(settings.flag('json') ? cleanJson({ [key]: after[key] }) : shown(after[key]))
    else if (settings.flag('json')) out.line(cleanJson(after))
    else for (const [name, one] of Object.entries(after)) out.line(`${clean(name)} = ${shown(one)}`)
    return 0
  },
}

/** The settings, after the change where one was asked for. */
async function changed(
  daemon: Client,
  key: string | undefined,
  value: string | undefined,
  reset: boolean,
): Promise<Values> {
  if (key === undefined) return reset ? daemon.resetSettings() : daemon.settings()
  const before: Values = await daemon.settings()
  checkKey(key, before)
  if (reset) return daemon.changeSettings({ [key]: null })
  return value === undefined ? before : daemon.changeSettings({ [key]: readValue(value, before[key]) })
}

function checkKey(key: string, settings: Values): void {
  if (Object.hasOwn(settings, key)) return
  const near = closest(key, Object.keys(settings))
  throw new SluiceError('usage', `There is no setting "${clean(key.slice(0, 40))}".`, {
    hint: near === undefined ? 'sluice settings shows all of them.' : `Did you mean ${clean(near)}?`,
  })
}

/**
 * As JSON, else as text. Where there was text before, text is taken as it is; numbers may be written as 10m and the like,
 * switches as on and off. What fits none of these is for the daemon to refuse, which knows what the setting may be.
 */
function readValue(text: string, before: unknown): unknown {
  if (typeof before === 'string' && text !== 'null') return text
  if (typeof before === 'boolean' && /^(on|yes|1)$/i.test(text)) return true
  if (typeof before === 'boolean' && /^(off|no|0)$/i.test(text)) return false
  try {
    return typeof before === 'number' && /^[\d.]+ *[a-z]/i.test(text) ? parseRate(text) : (JSON.parse(text) as unknown)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof SluiceError) return text
    throw error
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? clean(value) : cleanJson(value)
}
