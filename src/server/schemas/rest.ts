import { z } from 'zod'
import { settingsSchema } from '../../config/settings.ts'
import type { Health, Schedule, ScheduleInput, Statistics, Webhook, WebhookInput } from '../../manager/types.ts'
import { downloadStatuses } from '../../core/download-states.ts'
import type { HistoryEntry, HistoryPage } from '../api-types.ts'
import { addRequest } from './add.ts'
import { digests, errorCode, failure, verdict } from './download.ts'
import { text } from './fields.ts'

const time = z.string().meta({ format: 'date-time' })

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: errorCode,
    hint: z.string(),
    retryable: z.boolean(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457: what is wrong, and what to do next' })

export const historyEntry: z.ZodType<HistoryEntry> = z
  .strictObject({
    id: z.string(),
    reference: z.string(),
    url: z.string(),
    filename: z.string(),
    path: z.string(),
    kind: z.string(),
    host: z.string(),
    type: z.string(),
    status: z.enum(['completed', 'error', 'cancelled']),
    fileSize: z.number().nullable(),
    downloadedAt: time.meta({ description: 'When it ended' }),
    startedAt: time.nullable(),
    duration: z.number().meta({ description: 'Seconds active' }),
    speed: z.number().meta({ description: 'Average bytes per second' }),
    verdict,
    digests,
    error: failure.nullable(),
  })
  .meta({ id: 'HistoryEntry' })

export const historyPage: z.ZodType<HistoryPage> = z.strictObject({
  entries: z.array(historyEntry),
  total: z.number(),
  totalIsExact: z.boolean().meta({ description: 'False: at least that many match' }),
})

const counts = z.strictObject(
  Object.fromEntries(downloadStatuses.map((one) => [one, z.number()])) as Record<
    (typeof downloadStatuses)[number],
    z.ZodNumber
  >,
)

export const statistics: z.ZodType<Statistics> = z
  .strictObject({
    totalFiles: z.number(),
    totalBytes: z.number(),
    totalTime: z.number().meta({ description: 'Seconds active' }),
    averageSpeed: z.number().meta({ description: 'Bytes per second' }),
    todayFiles: z.number(),
    todayBytes: z.number(),
    week: z.array(z.strictObject({ date: z.string(), files: z.number(), bytes: z.number() })),
    topDomains: z.record(z.string(), z.number()).meta({ description: 'Bytes by host' }),
    fileTypeStats: z.record(z.string(), z.number()).meta({ description: 'Files by type' }),
    sessionFiles: z.number(),
    sessionBytes: z.number(),
    speed: z.number().meta({ description: 'Bytes per second, now' }),
    counts,
  })
  .meta({ id: 'Statistics' })

export const settings = settingsSchema.meta({ id: 'Settings' })

/** For the document; the manager checks a change against the settings as they are. */
export const settingsChange = z
  .record(z.string(), z.unknown())
  .meta({ description: 'Some of the keys of Settings; null is back to the default' })

const headerValues = z.record(z.string().min(1).max(200), z.string().max(8192))
const cron = text(200).min(1).meta({ description: 'Five fields of cron, local time of the daemon' })

/** Headers would be kept in plain with the schedule, so it takes none. */
const scheduledRequest = addRequest.refine((request) => request.headers === undefined, 'A schedule takes no headers')

export const scheduleInput: z.ZodType<ScheduleInput> = z
  .strictObject({
    name: text(200).exactOptional(),
    cron: cron.exactOptional(),
    request: scheduledRequest.exactOptional(),
    enabled: z.boolean().exactOptional(),
  })
  .meta({ id: 'ScheduleInput' })

export const schedule = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    cron: z.string(),
    request: z.record(z.string(), z.unknown()).meta({ description: 'As for add' }),
    enabled: z.boolean(),
    lastRun: time.nullable(),
    nextRun: time.nullable(),
  })
  .meta({ id: 'Schedule' }) as unknown as z.ZodType<Schedule>

const webhookEvents = z
  .array(z.enum(['download.started', 'download.completed', 'download.failed']))
  .min(1)
  .max(3)

export const webhookInput: z.ZodType<WebhookInput> = z
  .strictObject({
    url: z.string().min(1).max(8192).exactOptional(),
    events: webhookEvents.exactOptional(),
    enabled: z.boolean().exactOptional(),
    headers: headerValues.exactOptional().meta({ description: 'Kept encrypted, never shown' }),
    secret: z.string().max(1000).exactOptional().meta({ description: 'Signs each call; kept encrypted, never shown' }),
  })
  .meta({ id: 'WebhookInput' })

export const webhook: z.ZodType<Webhook> = z
  .strictObject({
    id: z.string(),
    url: z.string(),
    events: webhookEvents,
    enabled: z.boolean(),
    headerNames: z.array(z.string()),
    hasSecret: z.boolean(),
    lastDelivery: z.strictObject({ at: time, ok: z.boolean(), message: z.string() }).nullable(),
  })
  .meta({ id: 'Webhook' })

export const delivery = z.strictObject({ ok: z.boolean(), message: z.string() })

const healthStatus = z.enum(['ok', 'degraded'])
export const health: z.ZodType<Health | Pick<Health, 'status'>> = z.union([
  z
    .strictObject({
      status: healthStatus,
      version: z.string(),
      uptime: z.number().meta({ description: 'Seconds' }),
      active: z.number(),
      queued: z.number(),
      database: z.string(),
      freeSpace: z.number().nullable().meta({ description: 'Bytes' }),
      problems: z.array(z.string()),
      canOpenFolders: z.boolean().meta({ description: 'Whoever asks can have a folder opened on the desktop' }),
    })
    .meta({ id: 'Health' }),
  z.strictObject({ status: healthStatus }).meta({ description: 'Without the token, where one is set' }),
])
