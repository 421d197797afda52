'use strict'
// node warm.js FOLDER [FLAG...]: fills the compile cache in the folder, for these flags of V8, with every module of src/.
// None is run: Node loads a whole module graph before it runs the first module of it, and the first one here ends the
// process.
const { readdirSync } = require('fs')
const { enableCompileCache } = require('module')
const path = require('path')
const { pathToFileURL } = require('url')
const { setFlagsFromString } = require('v8')

const [folder, ...flags] = process.argv.slice(2)
const source = path.join(path.dirname(__dirname), 'src')
const modules = readdirSync(source, { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => pathToFileURL(path.join(source, file)).href)
const graph = ['data:text/javascript,process.exit()'].concat(modules)
const code = graph.map((url) => `import ${JSON.stringify(url)}`).join('\n')

for (const flag of flags) setFlagsFromString(flag)
enableCompileCache(folder)
void import(`data:text/javascript,${encodeURIComponent(code)}`)
