import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { checked } from '../config/schema-error.ts'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { StoredRecord } from '../store/types.ts'
import { isoTime, systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { checkCron, nextRun } from './cron.ts'
import { keepHidden, publicRequest } from './public-request.ts'
import { openRecords } from './records.ts'
import type { RecordStore } from './records.ts'
import { present, requestSchema } from './request-schema.ts'
import type { Secrets } from './secrets.ts'
import type { AddRequest, ManagerLog, Schedule, ScheduleInput } from './types.ts'

export interface SchedulesOptions {
  readonly store: RecordStore
  readonly secrets: Secrets
  readonly log: ManagerLog
  /** Adds the download of a schedule that is due. */
  readonly add: (request: AddRequest) => Promise<unknown>
  /** Throws or rejects where `add` would not take the request. */
  readonly check: (request: AddRequest) => unknown
  readonly clock?: Clock
}

/** Methods reject with `usage` errors that name the field, and `not-found`. */
export interface Schedules {
  list(): readonly Schedule[]
  add(input: ScheduleInput): Promise<Schedule>
  /** What is absent stays; a request is replaced as a whole. */
  change(id: string, input: ScheduleInput): Promise<Schedule>
  remove(id: string): Promise<void>
  /** Nothing runs later. */
  close(): Promise<void>
}

interface Entry {
  readonly name: string
  readonly cron: string
  readonly enabled: boolean
  readonly lastRun: string | null
  readonly request: Schedule['request']
  /** ms since 1970; null where it does not run. */
  readonly next: number | null
}

const most = 500
const longestNap = 60_000
/** Later than this, the machine slept or its clock was set; the run counts as missed. */
const patience = 2 * 60_000

const inputSchema = z.strictObject({
  name: z
    .string()
    .max(100)
    .regex(/^[^\0-\x1f\x7f]*$/, 'text without control characters')
    .optional(),
  cron: z.string().max(100).optional(),
  request: requestSchema.omit({ startAt: true }).optional(),
  enabled: z.boolean().optional(),
})

/** Adds downloads at the times of cron patterns. What was missed while the daemon did not run is not made up for. */
export async function createSchedules(options: SchedulesOptions): Promise<Schedules> {
  const { store, secrets, log, clock = systemClock } = options
  const records = await openRecords<Entry>(store, 'schedule', {
    read: (record) => fromRecord(record, secrets, log, clock.now()),
    write: (id, entry) => toRecord(id, entry, secrets),
  })
  let callOff = (): void => undefined
  let running = Promise.resolve()
  let closed = false

  const arm = (): void => {
    callOff()
    if (closed) return
    const times = records.all().flatMap(([, { next }]) => (next === null ? [] : [next]))
    if (times.length > 0)
      callOff = clock.after(Math.max(0, Math.min(longestNap, ...times.map((time) => time - clock.now()))), tick)
  }
  const tick = (): void => {
    running = running.then(async () => {
      for (const [id] of records.all()) await runIfDue(id, clock.now())
      arm()
    })
  }
  const runIfDue = async (id: string, now: number): Promise<void> => {
    if (closed || !records.has(id)) return
    const entry = records.get(id)
    if (entry.next === null || entry.next > now) return
    const missed = now - entry.next > patience
    try {
      await records.put(id, planned({ ...entry, lastRun: missed ? entry.lastRun : isoTime(now) }, now))
      if (missed) log.warn({ schedule: id }, 'A run of a schedule was missed.')
      else await options.add(entry.request)
    } catch (error) {
      log.warn({ schedule: id }, `A schedule could not add its download: ${asSluiceError(error).message}`)
    }
  }
  const save = async (id: string, entry: Entry): Promise<Schedule> => {
    await records.put(id, entry)
    arm()
    return shown(id, entry)
  }

  arm()
  return {
    list: () => records.all().map(([id, entry]) => shown(id, entry)),
    add: async (input) => {
      const { name = '', cron, request, enabled = true } = checkInput(input)
      if (cron === undefined) throw new SluiceError('usage', 'cron: a schedule needs its times.')
      if (request === undefined) throw new SluiceError('usage', 'request: a schedule needs what it downloads.')
      if (records.all().length >= most)
        throw new SluiceError('usage', `There are ${most} schedules, which is the most.`)
      await options.check(request)
      const entry = planned({ name, cron, request, enabled, lastRun: null }, clock.now())
      return save(`sc-${randomBytes(8).toString('hex')}`, entry)
    },
    change: async (id, input) => {
      const before = records.get(id)
      const { request, ...rest } = checkInput(input)
      if (request === undefined) return save(id, planned({ ...before, ...rest }, clock.now()))
      const whole = keepHidden(request, before.request)
      await options.check(whole)
      return save(id, planned({ ...records.get(id), ...rest, request: whole }, clock.now()))
    },
    remove: async (id) => {
      await records.remove(id)
      arm()
    },
    close: async () => {
      closed = true
      callOff()
      await running
    },
  }
}

function checkInput(input: unknown): ScheduleInput {
  const { request, ...rest } = present(checked(inputSchema, input))
  if (rest.cron !== undefined) checkCron(rest.cron)
  return { ...rest, ...(request === undefined ? {} : { request: present(request) }) }
}

function planned(entry: Omit<Entry, 'next'>, now: number): Entry {
  return { ...entry, next: entry.enabled ? nextRun(entry.cron, now) : null }
}

function shown(id: string, { next, request, ...entry }: Entry): Schedule {
  return { id, ...entry, request: publicRequest(request), nextRun: next === null ? null : isoTime(next) }
}

function toRecord(id: string, { name, cron, enabled, lastRun, request }: Entry, secrets: Secrets): StoredRecord {
  const data = { name, cron, enabled, lastRun, request: publicRequest(request) }
  return { id, data, secret: secrets.seal(`schedule:${id}`, request) }
}

/** What cannot be read, because the key is another one, comes back switched off and without its secrets. */
function fromRecord({ id, data, secret }: StoredRecord, secrets: Secrets, log: ManagerLog, now: number): Entry {
  const entry = data as Omit<Entry, 'next'>
  try {
    if (secret === null) throw new SluiceError('usage', 'Its addresses are missing.')
    return planned({ ...entry, request: secrets.open(`schedule:${id}`, secret) as Schedule['request'] }, now)
  } catch (error) {
    log.warn({ schedule: id }, `A schedule was switched off: ${asSluiceError(error).message}`)
    return { ...entry, enabled: false, next: null }
  }
}
