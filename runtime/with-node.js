'use strict'
// node runtime/with-node.js COMMAND...: runs a command with the checkout's Node first on PATH. npm 11 does that by
// itself; npm 10 makes no link `node` in node_modules/.bin, and the machine's own Node may be too old for TypeScript.
const { spawn } = require('child_process')
const { existsSync } = require('fs')
const path = require('path')
const { checkoutsNode } = require('./checkouts-node.js')

const root = path.dirname(__dirname)
if (!existsSync(path.join(root, 'node_modules'))) {
  console.error(`Sluice is not set up. Run npm ci in ${root}: it brings what is needed, and a Node.`)
  process.exit(1)
}
const node = checkoutsNode()
const places = [path.join(root, 'node_modules', '.bin'), process.env.PATH]
if (node !== undefined) places.unshift(path.dirname(node))
const env = Object.assign({}, process.env, { PATH: places.join(path.delimiter) })
const child = spawn(process.argv[2], process.argv.slice(3), {
  stdio: 'inherit',
  env,
  shell: process.platform === 'win32',
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1))
