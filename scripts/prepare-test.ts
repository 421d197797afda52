import { installMissing, testTools } from '../test/support/debian.ts'

try {
  installMissing(testTools)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
