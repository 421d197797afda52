import { globSync, readFileSync } from 'node:fs'
import { breaches } from './import-rules.ts'

const files = globSync('{src,ui,test,bench,scripts}/**/*.{ts,tsx}').map((file) => file.replaceAll('\\', '/'))
const found = files.flatMap((file) => breaches(file, readFileSync(file, 'utf8')))
for (const breach of found) console.error(breach)
console.log(
  `Imports of ${files.length} files: ${found.length === 0 ? 'as ARCHITECTURE.md allows' : `${found.length} wrong`}`,
)
if (found.length > 0 || files.length === 0) process.exitCode = 1
