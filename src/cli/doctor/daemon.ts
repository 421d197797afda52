import type { Client } from '../../client/client.ts'
import { SluiceError } from '../../core/errors.ts'
import { formatBytes, formatDuration } from '../../core/units.ts'
import { ok, problem, warning } from './finding.ts'
import type { Finding } from './finding.ts'

const topic = 'daemon'

/** Whether the daemon answers. That none runs is wrong only where one is `expected`. */
export async function daemonFindings(daemon: Client, expected: boolean): Promise<Finding[]> {
  try {
    const { version, uptime, active, queued, database, freeSpace, problems = [] } = await daemon.health()
    // Who does not have the token is told no more than that a daemon runs.
    if (version === undefined)
      return [warning(topic, `runs at ${daemon.address}, and asks for its token`, 'Set SLUICE_TOKEN to be told more.')]
    const shown = `, version ${version}, for ${formatDuration(uptime ?? 0)}`
    const work = active === undefined ? '' : `, ${active} active, ${queued ?? 0} queued, ${database ?? 'no database'}`
    const space = typeof freeSpace === 'number' ? `, ${formatBytes(freeSpace)} free` : ''
    return [
      ok(topic, `runs at ${daemon.address}${shown}${work}${space}`),
      ...problems.map((text) => warning(topic, text, 'The log of the daemon tells more.')),
    ]
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    if (!expected && error.exitCode === 3) return [ok(topic, 'none runs')]
    return [problem(topic, error.message, error.hint)]
  }
}
