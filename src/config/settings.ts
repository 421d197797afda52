import { z } from 'zod'
import { SluiceError, asSluiceError } from '../core/errors.ts'
import { checkNameTemplate } from '../core/name-template.ts'
import { checkHeader } from './header.ts'
import { checked } from './schema-error.ts'

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM')
const bytesPerSecond = z.int().min(0).max(1e12)
const plainText = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\0-\x1f\x7f]*$/, 'text without control characters')

/** Caps the speed on some days of the week (0 is Sunday) from one time of day to another, local time; may pass midnight. */
const speedWindow = z.strictObject({
  days: z.array(z.int().min(0).max(6)).min(1).max(7),
  from: clockTime,
  to: clockTime,
  bytesPerSecond: bytesPerSecond.meta({ description: '0 lifts the cap in this window' }),
})

const headerField = z.strictObject({ name: z.string().min(1).max(200), value: z.string().max(8192) })

/** Fields of the add form under a name. */
const preset = z.strictObject({
  name: plainText(100).min(1),
  dir: plainText(1000).optional(),
  priority: z.int().min(1).max(10).optional(),
  connections: z.int().min(1).max(32).optional(),
  speedLimit: bytesPerSecond.optional(),
  retries: z.int().min(0).max(100).optional(),
  ifExists: z.enum(['rename', 'overwrite', 'skip', 'fail']).optional(),
  userAgent: plainText(1000).optional(),
  referer: plainText(2000).optional(),
})

/**
 * Everything that can be changed while the daemon runs: defaults, limits and the words of the form come from here.
 * Folders are below the daemon's own (`--dir`); programs to run can never be set here.
 */
export const settingsSchema = z.strictObject({
  downloadFolder: plainText(1000)
    .default('')
    .meta({ title: 'Folder', description: "New downloads go to this folder below the daemon's folder" }),
  maxConcurrent: z.int().min(1).max(32).default(4).meta({ title: 'Downloads at once' }),
  // Polite in the background: four downloads of one host with four connections each are what the host gets at most.
  connectionsPerDownload: z
    .int()
    .min(0)
    .max(32)
    .default(4)
    .meta({ title: 'Connections for one download', description: 'At most; 0 goes up to 16 where that is faster' }),
  connectionsPerHost: z
    .int()
    .min(1)
    .max(128)
    .default(16)
    .meta({ title: 'Connections to one host', description: 'Over all downloads together' }),
  speedLimit: bytesPerSecond
    .default(0)
    .meta({ title: 'Speed limit', description: 'Bytes per second of all downloads together; 0 is none' }),
  speedWindows: z.array(speedWindow).max(50).default([]).meta({ title: 'Speed limits by time of day' }),
  autoStart: z
    .boolean()
    .default(true)
    .meta({ title: 'Start by itself', description: 'Off: queued downloads wait until they are resumed' }),
  clearCompleted: z
    .literal([0, 1, 24])
    .default(0)
    .meta({ title: 'Clear completed after', description: 'Hours; 0 is never. History keeps them' }),
  keepPartFiles: z
    .boolean()
    .default(false)
    .meta({ title: 'Keep part files', description: 'When a download is cancelled or removed' }),
  pauseOnLowDisk: z.boolean().default(true).meta({ title: 'Pause when the disk is nearly full' }),
  minFreeSpace: z
    .int()
    .min(0)
    .max(1e15)
    .default(100 * 1024 * 1024)
    .meta({ title: 'Free space to keep', description: 'Bytes' }),
  retries: z
    .int()
    .min(0)
    .max(100)
    .default(5)
    .meta({ title: 'Retries', description: 'Attempts in a row without a new byte before a download fails' }),
  autoRetry: z
    .boolean()
    .default(true)
    .meta({ title: 'Try failed downloads again', description: 'Later, by itself, after network failures' }),
  ifExists: z.enum(['rename', 'overwrite', 'skip', 'fail']).default('rename').meta({ title: 'When the file exists' }),
  ifDuplicate: z
    .enum(['add', 'skip', 'fail'])
    .default('add')
    .meta({ title: 'When a download is already listed', description: 'The same address, or the same checksum' }),
  filenameTemplate: plainText(200).default('').meta({
    title: 'File names',
    description: 'Tokens {name} {stem} {ext} {host} {date} {time} {id}; empty is {name}',
  }),
  userAgent: plainText(1000).default('').meta({ title: 'User-Agent', description: "Empty is Sluice's own" }),
  headers: z
    .array(headerField)
    .max(50)
    .default([])
    .meta({ title: 'Default headers', description: 'Sent to the first server of every download; no secrets' }),
  presets: z.array(preset).max(100).default([]).meta({ title: 'Presets' }),
  allowPrivate: z
    .boolean()
    .default(false)
    .meta({ title: 'Private addresses', description: 'Also where a server on the internet redirects there' }),
  logLevel: z.enum(['error', 'warn', 'info', 'debug']).default('info').meta({ title: 'Log' }),
})

export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = settingsSchema.parse({})

/**
 * The settings after a change. `change` is an object with some of the keys; what is unknown or out of range is a
 * `usage` error that names the key, and then nothing is changed. A key with the value null goes back to its default.
 */
export function changedSettings(settings: Settings, change: unknown): Settings {
  if (typeof change !== 'object' || change === null || Array.isArray(change))
    throw new SluiceError('usage', 'The settings must be an object of keys and values.')
  const given = Object.entries(change).map(([key, value]) => [key, value === null ? undefined : value])
  const whole = { ...settings, ...Object.fromEntries(given) }
  const next = checked(settingsSchema, whole, 'GET /api/settings or sluice settings shows all keys with their values.')
  checkTemplate(next.filenameTemplate)
  for (const { name, value } of next.headers) checkPublicHeader(name, value)
  if (new Set(next.presets.map((one) => one.name)).size < next.presets.length)
    throw new SluiceError('usage', 'presets: two of them have the same name.')
  return next
}

function checkTemplate(template: string): void {
  try {
    checkNameTemplate(template)
  } catch (error) {
    const { message, hint } = asSluiceError(error)
    throw new SluiceError('usage', `filenameTemplate: ${message}`, { hint })
  }
}

/** Settings are shown and exported, so they hold no secrets. */
function checkPublicHeader(name: string, value: string): void {
  checkHeader(`${name}: ${value}`)
  if (/auth|cookie|token|key|secret|passw|session|credential|signature/i.test(name))
    throw new SluiceError('usage', `headers: ${name} carries a secret, which does not belong into the settings.`, {
      hint: 'Give it with the download: its headers are kept encrypted.',
    })
}
