#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --no-opt --no-maglev --no-concurrent-sparkplug --max-semi-space-size=1
'use strict'
// The command `sluice` of a checkout: runs src/cli/main.ts in this very process, so that signals and exit codes are its
// own. CommonJS and old syntax, because the machine's Node may be old and has to get as far as `inCheckoutsNode`.
// `child_process` is loaded only where it is used: 2 MB that an ordinary run does without. One arena of malloc for all
// threads instead of one for each is 4 MB less in the daemon; the variable is not for the programs that Sluice starts.
const { existsSync, readdirSync, statSync, writeFileSync } = require('fs')
const nodeModule = require('module')
const path = require('path')
const { pathToFileURL } = require('url')

const { checkoutsNode } = require('./checkouts-node.js')

const root = path.dirname(__dirname)
/**
 * Those of src/cli/compiler.ts. V8 keeps compiled code apart by its flags: were they set after the compile cache is
 * opened, the daemon's threads would look for their code in another folder than the one that is filled here.
 */
const daemonFlags = [
  '--no-concurrent-recompilation',
  '--no-concurrent-sparkplug',
  '--no-opt',
  '--maglev',
  '--semi-space-growth-factor=1',
  '--no-sparkplug',
  '--invocation-count-for-maglev=1000',
  '--invocation-count-for-maglev-osr=500',
  '--optimize-for-size',
]
const flags = process.argv[2] === 'serve' ? daemonFlags : []
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 24 || (major === 24 && minor >= 15)) {
  delete process.env.MALLOC_ARENA_MAX
  try {
    useCompileCache()
  } catch (error) {
    // A slower start is no reason to fail.
    if (process.argv.includes('--verbose')) console.error(`The compile cache cannot be used: ${error.message}`)
  }
  void import(pathToFileURL(path.join(root, 'src', 'cli', 'main.ts')).href)
} else {
  inCheckoutsNode()
}

/**
 * Stripping the types of all modules costs 30 MB and 100 ms, once: Node keeps the result by content, so it is never
 * wrong. The first run after a change lets a child do it, or that run would pay the memory itself.
 */
function useCompileCache() {
  for (const flag of flags) require('v8').setFlagsFromString(flag)
  nodeModule.enableCompileCache(path.join(root, 'node_modules', '.cache', 'sluice'))
  const folder = nodeModule.getCompileCacheDir()
  if (folder === undefined) return
  // Worker threads and children find the cache by this variable only. The child that fills it must set its flags first.
  const env = Object.assign({}, process.env)
  delete env.NODE_COMPILE_CACHE
  process.env.NODE_COMPILE_CACHE = path.dirname(folder)
  const stamp = path.join(folder, 'filled')
  if (existsSync(stamp) && statSync(stamp).mtimeMs > lastChange(path.join(root, 'src'))) return
  const options = { encoding: 'utf8', timeout: 30000, env }
  const child = require('child_process').spawnSync(
    process.execPath,
    [...process.execArgv, path.join(__dirname, 'warm.js'), path.dirname(folder), ...flags],
    options,
  )
  if (child.status !== 0) throw new Error(child.stderr)
  writeFileSync(stamp, '')
}

/**
 * When a file was last added, removed or replaced in the folder, in ms since 1970: git and many editors replace. To ask
 * each file too would take memory and time from every run; a change in place costs one run what this saves.
 */
function lastChange(folder) {
  let last = statSync(folder).mtimeMs
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.ts')) last = Math.max(last, lastChange(`${folder}/${name}`))
  }
  return last
}

/** Runs the same line with the Node that `npm ci` has put into the checkout, or says how to get it. */
function inCheckoutsNode() {
  const node = checkoutsNode()
  if (node === undefined || node === process.execPath) {
    console.error(
      `sluice needs Node 24.15 or newer and this is ${process.version}. Run npm ci in ${root}: it brings one.`,
    )
    process.exit(1)
  }
  // The first line of this file gave V8 flags to the Node that is too old; they are meant for this one.
  const given = process.execArgv.filter((flag) =>
    /^--(no-opt|no-maglev|no-concurrent-sparkplug|max-semi-space-size=\d+)$/.test(flag),
  )
  const args = given.concat(__filename, process.argv.slice(2))
  const child = require('child_process').spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
