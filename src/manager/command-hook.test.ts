import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { listLog, settled, someDownload } from '../../test/support/manager-parts.ts'
import { createCommandHook } from './command-hook.ts'
import type { Download } from './types.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-hook-'))
})
after(() => rm(folder, { recursive: true }))

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await holds())) {
    assert.ok(Date.now() < end, 'it did not happen within 20 s')
    await settled()
  }
}

/** The arguments of Node for a program that is given as text. */
async function program(text: string): Promise<string[]> {
  const path = join(folder, `${Math.random()}.mjs`)
  await writeFile(path, text)
  return [process.execPath, path]
}

const named = (id: string, more: Partial<Download> = {}): Download => ({ ...someDownload, id, ...more })

test('the program gets the path as its last argument, as it is, and what is known in its environment', async () => {
  const log = listLog()
  const out = join(folder, 'out.json')
  const argv = await program(
    `import { writeFileSync } from 'node:fs'
     const { SLUICE_KEY, ...env } = process.env
     const own = Object.fromEntries(Object.entries(env).filter(([key]) => key.startsWith('SLUICE_')))
     writeFileSync(${JSON.stringify(out)}, JSON.stringify({ args: process.argv.slice(2), own, key: SLUICE_KEY ?? null }))`,
  )
  process.env['SLUICE_KEY'] = 'geheim'
  const hook = createCommandHook([...argv, '--flag', 'a b'], log)
  const path = '/d/$(touch x); "ä" `y`.zip'
  hook.run(named('dl-1', { path, url: 'https://u:geheim@h/a.zip?token=geheim' }))
  await until(async () => (await readFile(out, 'utf8').catch(() => '')).endsWith('}'))
  delete process.env['SLUICE_KEY']
  const { args, own, key } = JSON.parse(await readFile(out, 'utf8')) as {
    args: string[]
    own: Record<string, string>
    key: null
  }
  assert.deepEqual(args, ['--flag', 'a b', path])
  assert.equal(key, null)
  const { SLUICE_ID, SLUICE_PATH, SLUICE_DOWNLOAD_URL, SLUICE_BYTES, SLUICE_SHA256, SLUICE_VERDICT } = own
  assert.deepEqual(
    [SLUICE_ID, SLUICE_PATH, SLUICE_DOWNLOAD_URL, SLUICE_BYTES, SLUICE_SHA256, SLUICE_VERDICT],
    ['dl-1', path, 'https://h/a.zip?token=…', '12', 'ab'.repeat(32), 'verified'],
  )
  await hook.close()
})

test('runs follow each other, never two at once', async () => {
  const log = listLog()
  const argv = await program(
    `import { openSync, unlinkSync } from 'node:fs'
     const lock = ${JSON.stringify(join(folder, 'lock'))}
     openSync(lock, 'wx')
     setTimeout(() => { unlinkSync(lock); console.log('done ' + process.env.SLUICE_ID) }, 30)`,
  )
  const hook = createCommandHook(argv, log)
  for (const id of ['dl-1', 'dl-2', 'dl-3']) hook.run(named(id))
  await until(() => log.lines.length >= 3)
  assert.deepEqual(
    log.lines.map((line) => /done (dl-\d)/.exec(line)?.[1]),
    ['dl-1', 'dl-2', 'dl-3'],
  )
  await hook.close()
})

test('output is logged up to a length, failures with their code', async () => {
  const log = listLog()
  const hook = createCommandHook(await program(`process.stdout.write('x'.repeat(1e6), () => process.exit(3))`), log)
  hook.run(named('dl-1'))
  await until(() => log.lines.length === 2)
  assert.match(log.lines[0] ?? '', /^info .*x{4096}"/)
  assert.ok((log.lines[0] ?? '').length < 4500)
  assert.match(log.lines[1] ?? '', /^warn .*ended with code 3/)
  await hook.close()
})

test('a program that does not exist is an error in the log, and the next run is tried', async () => {
  const log = listLog()
  const hook = createCommandHook([join(folder, 'missing')], log)
  hook.run(named('dl-1'))
  hook.run(named('dl-2'))
  await until(() => log.lines.length === 2)
  assert.match(log.lines.join('\n'), /^error .*could not be run.*dl-1.*\nerror .*dl-2/)
  await hook.close()
})

test('a run that takes too long is ended, and so is one under way at the close', async () => {
  const log = listLog()
  const endless = await program(`setInterval(() => undefined, 1000)`)
  const hook = createCommandHook(endless, log, { timeout: 200, waiting: 1 })
  hook.run(named('dl-1'))
  await until(() => log.lines.length === 1)
  assert.match(log.lines[0] ?? '', /was ended by SIGKILL/)
  const patient = createCommandHook(endless, log)
  patient.run(named('dl-2'))
  await settled()
  await patient.close()
  await hook.close()
  assert.equal(log.lines.length, 1)
})

test('runs that wait are bounded', async () => {
  const log = listLog()
  const hook = createCommandHook(await program(''), log, { timeout: 10_000, waiting: 2 })
  for (const id of ['dl-1', 'dl-2', 'dl-3']) hook.run(named(id))
  assert.match(log.lines.join(), /Too many.*dl-3/)
  await hook.close()
})

test('without a program nothing happens', async () => {
  const log = listLog()
  for (const argv of [undefined, []]) {
    const hook = createCommandHook(argv, log)
    hook.run(someDownload)
    await hook.close()
  }
  assert.deepEqual(log.lines, [])
})
