'use strict'
const { existsSync } = require('fs')
const path = require('path')

const root = path.dirname(__dirname)

/** The Node that `npm ci` has put into the checkout; undefined where there is none. */
function checkoutsNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  return [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]
    .flatMap((name) => ['node', 'node.exe'].map((file) => path.join(root, 'node_modules', name, 'bin', file)))
    .find((file) => existsSync(file))
}

module.exports = { checkoutsNode }
