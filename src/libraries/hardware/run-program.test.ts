import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from './run-program.ts'

const run = (text: string, signal?: AbortSignal): Promise<string | null> =>
  runProgram(process.execPath, ['-e', text], { env: process.env, ...(signal === undefined ? {} : { signal }) })

test('what a program prints is given, and nothing of one that fails, is not there or prints too much', async () => {
  assert.equal(await run('console.log("a")'), 'a\n')
  assert.equal(await run('console.log("a"); process.exitCode = 1'), null)
  assert.equal(await run('console.log("a".repeat(1e6))'), null)
  assert.equal(await runProgram('/nowhere/nvidia-smi', [], { env: {} }), null)
})

test('arguments are no words of a shell, and the language is that of programs', async () => {
  const words = await runProgram(process.execPath, ['-p', 'process.argv[1] + process.env.LC_ALL', '$(id) `id` ; id'], {
    env: { ...process.env, LC_ALL: 'de_DE.UTF-8' },
  })
  assert.equal(words, '$(id) `id` ; idC\n')
})

test('a program that hangs is killed after its time, and at an abort', async () => {
  const began = performance.now()
  assert.equal(await run('for (;;);', AbortSignal.timeout(300)), null)
  assert.ok(performance.now() - began < 2900)
  assert.equal(await run('process.on("SIGTERM", () => {}); for (;;);'), null)
  assert.ok(performance.now() - began < 60_000)
})
