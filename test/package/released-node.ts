import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/**
 * Folder with the plain `node` of that release. It is fetched through npm once and stays under `node_modules/.cache`,
 * which `npm ci` empties.
 */
export function releasedNode(version: string): string {
  if (version === process.versions.node) return dirname(process.execPath)
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const packageName = `node-${platform}-${process.arch}`
  const prefix = resolve('node_modules/.cache/node', version)
  const folder = join(prefix, 'node_modules', packageName, 'bin')
  if (!existsSync(folder)) {
    execFileSync('npm', ['install', '--no-save', '--ignore-scripts', '--prefix', prefix, `${packageName}@${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 180_000,
    })
  }
  return folder
}
