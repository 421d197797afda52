#!/usr/bin/env node
'use strict'
// The command `sluice` of a checkout: runs src/cli/main.ts in this very process, so that signals and exit codes are its
// own. CommonJS and old syntax, because the machine's Node may be old and has to get as far as `inCheckoutsNode`.
// `child_process` is loaded only where it is used: 2 MB that an ordinary run does without.
const { existsSync, readdirSync } = require('fs')
const nodeModule = require('module')
const path = require('path')
const { pathToFileURL } = require('url')

const root = path.dirname(__dirname)
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 24 || (major === 24 && minor >= 15)) {
  useCompileCache()
  void import(pathToFileURL(path.join(root, 'src', 'cli', 'main.ts')).href)
} else {
  inCheckoutsNode()
}

/**
 * Stripping the types of all modules costs 20 MB and 40 ms, once: Node keeps the result by content, so it is never
 * stale. The first run of a checkout lets a child fill the cache, or it would pay the memory itself.
 */
function useCompileCache() {
  const folder = path.join(root, 'node_modules', '.cache', 'sluice')
  nodeModule.enableCompileCache(folder)
  const inUse = nodeModule.getCompileCacheDir()
  if (inUse === undefined) return
  // Worker threads and children find the cache by this variable only.
  process.env.NODE_COMPILE_CACHE = path.dirname(inUse)
  if (readdirSync(inUse).length > 0) return
  const options = { encoding: 'utf8', timeout: 30000 }
  const child = require('child_process').spawnSync(process.execPath, [path.join(__dirname, 'warm.js')], options)
  if (child.status !== 0 && process.argv.includes('--verbose')) {
    console.error(`The compile cache could not be filled, so that sluice starts slower.\n${child.stderr}`)
  }
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
  const args = [__filename].concat(process.argv.slice(2))
  const child = require('child_process').spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function checkoutsNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const folder = path.join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin')
  return [path.join(folder, 'node'), path.join(folder, 'node.exe')].find((file) => existsSync(file))
}
