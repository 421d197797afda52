'use strict'
// Fills the compile cache named by NODE_COMPILE_CACHE with every module of src/, without running any: Node loads a whole
// module graph before it runs the first module of it, and the first one here ends the process.
const { readdirSync } = require('fs')
const path = require('path')
const { pathToFileURL } = require('url')

const source = path.join(path.dirname(__dirname), 'src')
const modules = readdirSync(source, { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => pathToFileURL(path.join(source, file)).href)
const graph = ['data:text/javascript,process.exit()'].concat(modules)
const code = graph.map((url) => `import ${JSON.stringify(url)}`).join('\n')

void import(`data:text/javascript,${encodeURIComponent(code)}`)
