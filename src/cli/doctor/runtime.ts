import { version } from '../version.ts'
import { ok, problem } from './finding.ts'
import type { Finding } from './finding.ts'

/** The oldest Node that Sluice runs on; the same as `engines` in package.json. */
const [leastMajor, leastMinor] = [24, 15]

/** Sluice, Node and SQLite. */
export function runtimeFindings(versions: Readonly<Record<string, string | undefined>>): Finding[] {
  const { node = '', sqlite } = versions
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const tooOld = major < leastMajor || (major === leastMajor && minor < leastMinor)
  const runtime = `Node ${node} on ${process.platform} ${process.arch}`
  return [
    ok('version', `Sluice ${version()}`),
    tooOld
      ? problem('runtime', `${runtime} is too old.`, `Use Node ${leastMajor}.${leastMinor} or newer.`)
      : ok('runtime', runtime),
    sqlite === undefined
      ? problem(
          'sqlite',
          'This Node was built without SQLite.',
          'Use an ordinary build of Node, or --database with PostgreSQL.',
        )
      : ok('sqlite', `SQLite ${sqlite}`),
  ]
}
