import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

// tsc turns `.ts` into `.js` in imports, but does not know the files that workers are started from.
const workerFile = /(\bnew URL\(\s*['"]\.[^'"\n]*)\.ts(['"]\s*,\s*import\.meta\.url)/g

rmSync('dist', { recursive: true, force: true })
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (status !== 0) process.exit(1)
for (const file of globSync('dist/**/*.js')) {
  const code = readFileSync(file, 'utf8')
  const rewritten = code.replaceAll(workerFile, '$1.js$2')
  if (rewritten !== code) writeFileSync(file, rewritten)
}
