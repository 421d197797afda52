import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * npm run llama:clone [-- TAG]
 *
 * Gets the source of llama.cpp into the folder `llama.cpp`, which git ignores: for looking things up, nothing is built
 * from it. Without a tag the newest of the main branch; run again, it gets what is new.
 */
const address = 'https://github.com/ggml-org/llama.cpp'
const folder = 'llama.cpp'
const [tag = 'HEAD'] = process.argv.slice(2)

if (!/^[\w.-]{1,60}$/.test(tag) || tag.startsWith('-')) {
  console.error(`"${tag}" is no tag; write b6089, or nothing.`)
  process.exit(2)
}
if (!existsSync(`${folder}/.git`)) git('init', '--quiet', folder)
git('-C', folder, 'fetch', '--depth', '1', address, tag)
git('-C', folder, 'checkout', '--quiet', '--detach', 'FETCH_HEAD')
console.log(folder)

function git(...args: readonly string[]): void {
  const { status, error } = spawnSync('git', args, { stdio: 'inherit' })
  if (error !== undefined) console.error(`git cannot be run: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}
