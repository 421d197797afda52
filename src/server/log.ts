import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { pino } from 'pino'
import type { DestinationStream } from 'pino'
import type { Settings } from '../config/settings.ts'
import type { ManagerLog } from '../manager/types.ts'
import { loggable, withoutSecrets } from './log-fields.ts'

const stderr = 2
const levels: Readonly<Record<string, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

/**
 * The log of the daemon: JSON lines, or plain ones in a terminal. Written at once, so that the last lines before an end
 * are there. What is secret in fields and texts is left out whoever logs it.
 */
export function createLog(level: Settings['logLevel'] = 'info', to: DestinationStream = standardError()): ManagerLog {
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { log: loggable } },
    to,
  )
  return {
    error: (fields, message) => logger.error(fields, withoutSecrets(message)),
    warn: (fields, message) => logger.warn(fields, withoutSecrets(message)),
    info: (fields, message) => logger.info(fields, withoutSecrets(message)),
    debug(fields, message) {
      if (logger.isLevelEnabled('debug')) logger.debug(fields, withoutSecrets(message))
    },
    setLevel(next) {
      logger.level = next
    },
  }
}

function standardError(): DestinationStream {
  if (!isatty(stderr)) return pino.destination({ fd: stderr, sync: true })
  return { write: (line) => writeSync(stderr, plainLine(line)) }
}

/** A line for a person: time, level, message, and the fields behind them. */
export function plainLine(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const rest = Object.entries(fields).map(([name, value]) =>
    typeof value === 'string' ? `${name}=${value}` : `${name}=${JSON.stringify(value)}`,
  )
  const text = [String(time).slice(11, 19), levels[String(level)] ?? '', msg, ...rest].join(' ')
  return `${text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, ' ')}\n`
}
