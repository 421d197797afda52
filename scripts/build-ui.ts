import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const out = 'dist/ui'
/** What the page in `out` was made from. */
const stampFile = 'node_modules/.cache/sluice/ui'
/** Nothing takes the place of the page that is there before all of it is made. */
const work = `node_modules/.cache/sluice/ui-${process.pid}`
/** Formats that are not compressed already. */
const text = '**/*.{css,html,js,json,svg}'

const stamp = sourceHash()
if (process.argv.includes('--if-needed') && isBuiltFrom(stamp)) process.exit()

const started = performance.now()
// React chooses its production half by this, and Vite takes it from the environment of tests otherwise.
process.env['NODE_ENV'] = 'production'
const { build } = await import('vite')
try {
  const files = resolve(work)
  await build({ configFile: 'ui/vite.config.ts', configLoader: 'native', logLevel: 'warn', build: { outDir: files } })
  compress(work)
  rmSync(stampFile, { force: true })
  rmSync(out, { recursive: true, force: true })
  mkdirSync('dist', { recursive: true })
  renameSync(work, out)
  writeFileSync(stampFile, stamp)
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`The page is built into ${out} (${((performance.now() - started) / 1000).toFixed(1)} s).`)

/** Writes .br and .gz beside what they make smaller: the daemon sends them as they are. The same bytes each time. */
function compress(folder: string): void {
  for (const file of globSync(`${folder}/${text}`)) {
    const whole = readFileSync(file)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length }
    const kinds = { br: brotliCompressSync(whole, { params }), gz: gzipSync(whole, { level: 9 }) }
    for (const [kind, data] of Object.entries(kinds)) {
      if (data.length < whole.length) writeFileSync(`${file}.${kind}`, data)
    }
  }
}

function sourceHash(): string {
  const hash = createHash('sha256')
  const sources = globSync(['ui/**/*.*', 'src/{client,config,core}/**/*.ts']).filter(
    (file) => !file.endsWith('.test.ts'),
  )
  for (const file of [...sources, 'package-lock.json', 'scripts/build-ui.ts'].toSorted()) {
    hash
      .update(`${file.replaceAll('\\', '/')}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function isBuiltFrom(wanted: string): boolean {
  return existsSync(`${out}/index.html`) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted
}
