import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { source } from '../../../test/support/node-child.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { SluiceError } from '../../core/errors.ts'
import { askChild } from './ask-child.ts'

function asked(
  t: TestContext,
  text: string,
  env: NodeJS.ProcessEnv = process.env,
  deadlineMs = 30_000,
): Promise<unknown> {
  const file = join(temporaryFolder(t), 'child.mjs')
  writeFileSync(
    file,
    `import { answerParent } from ${source('libraries/load/answer-parent.ts')}
import { SluiceError } from ${source('core/errors.ts')}
answerParent(async (question) => { ${text} })`,
  )
  return askChild({ entry: pathToFileURL(file), question: 7, env, deadlineMs, subject: 'The library' })
}

async function failure(answer: Promise<unknown>): Promise<SluiceError> {
  const result = await answer.catch((error: unknown) => error)
  assert.ok(result instanceof SluiceError, String(result))
  return result
}

test('a child answers what it was asked, whatever it writes besides', async (t) => {
  assert.deepEqual(await asked(t, `console.log('noise'); return { twice: question * 2 }`), { twice: 14 })
})

test('a child that crashes in native code is told by the signal, with the end of what it wrote', async (t) => {
  const error = await failure(
    asked(
      t,
      `process.stderr.write('x'.repeat(9000) + 'ggml: assertion failed\\n')
      await new Promise((resolve) => setImmediate(resolve))
      const { default: koffi } = await import(${JSON.stringify(import.meta.resolve('koffi'))})
      koffi.load(null).func('abort', 'void', [])()`,
    ),
  )
  assert.equal(error.code, 'not-loadable')
  assert.equal(error.message, 'The library crashed (SIGABRT).')
  assert.ok(String(error.cause).endsWith('ggml: assertion failed') && String(error.cause).length <= 4096)
})

test('a child that is killed or ends is told', async (t) => {
  const killed = await failure(asked(t, `process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})`))
  assert.equal(killed.message, 'The library crashed (SIGSEGV).')
  const ended = await failure(asked(t, `process.exit(3)`))
  assert.equal(ended.message, 'The library ended its process (exit code 3) and gave no answer.')
})

test('a child that hangs in native code is ended at its deadline', async (t) => {
  const error = await failure(asked(t, `process.send({ odd: true }); process.send(null); for (;;);`, process.env, 1500))
  assert.equal(error.message, 'The library did not answer within 1.5 s.')
})

test('an error of the child keeps its code, sentence and hint', async (t) => {
  const error = await failure(asked(t, `throw new SluiceError('not-loadable', 'No.', { hint: 'Do it.' })`))
  assert.deepEqual([error.code, error.message, error.hint], ['not-loadable', 'No.', 'Do it.'])
})

test('secrets of the environment and options of Node do not reach the child', async (t) => {
  const env = {
    ...process.env,
    GITHUB_TOKEN: 'a',
    SLUICE_KEY: 'k',
    SLUICE_DATABASE: 'postgres://u:p@h/d',
    MY_API_KEY: 'b',
    https_proxy: 'http://u:p@h',
    AWS_SECRET_ACCESS_KEY: 'c',
    NODE_OPTIONS: '',
    KEPT: 'd',
  }
  const names = await asked(t, `return Object.keys(process.env)`, env)
  assert.ok(Array.isArray(names) && names.includes('KEPT'))
  for (const name of [
    'GITHUB_TOKEN',
    'SLUICE_KEY',
    'SLUICE_DATABASE',
    'MY_API_KEY',
    'https_proxy',
    'AWS_SECRET_ACCESS_KEY',
    'NODE_OPTIONS',
  ])
    assert.ok(!names.includes(name), name)
})

test('a module that is not there is told', async () => {
  const entry = pathToFileURL('/nowhere/child.mjs')
  const error = await failure(
    askChild({ entry, question: 1, env: process.env, deadlineMs: 30_000, subject: 'The library' }),
  )
  assert.match(error.message, /ended its process \(exit code 1\) and gave no answer/)
  assert.match(String(error.cause), /nowhere/)
})
