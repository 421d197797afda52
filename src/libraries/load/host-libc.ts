import { field, isRecord } from '../../core/json-record.ts'
import type { HardwareFacts } from '../../core/hardware.ts'

/**
 * The C library that this process runs with, by Node's own report; null elsewhere than on Linux, and where the report
 * tells nothing. The version of musl is in no report.
 */
export function hostLibc(
  platform: string = process.platform,
  report: () => unknown = nodeReport,
): HardwareFacts['libc'] {
  if (platform !== 'linux') return null
  const whole = report()
  if (!isRecord(whole)) return null
  const header = field(whole, 'header')
  const version = isRecord(header) ? field(header, 'glibcVersionRuntime') : undefined
  if (typeof version === 'string' && /^\d{1,4}(\.\d{1,4}){1,2}$/.test(version)) return { family: 'glibc', version }
  const objects = field(whole, 'sharedObjects')
  const isMusl = Array.isArray(objects) && objects.some((one) => typeof one === 'string' && /\/ld-musl-/.test(one))
  return isMusl ? { family: 'musl', version: null } : null
}

/** Without the network part, which asks name servers for the host names of open sockets. */
function nodeReport(): unknown {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report
  const before = report.excludeNetwork === true
  report.excludeNetwork = true
  try {
    return report.getReport()
  } finally {
    report.excludeNetwork = before
  }
}
