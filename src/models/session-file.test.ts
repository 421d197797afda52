import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openSession } from './session-file.ts'

const session = {
  model: 'small',
  sessionId: 'small',
  outZip: '',
  stagingRoot: '/x',
  registry: 'https://registry.example.org',
  platform: 'linux/amd64',
  concurrency: 4,
  retries: 5,
  startedAt: '2026-01-01T00:00:00.000Z',
}

test('a note that cannot be written is told once, and the next one is written all the same', async (t) => {
  const folder = join(temporaryFolder(t), 'small.staging')
  const note = await openSession(folder, session, Date.now, false)
  mkdirSync(join(folder, 'session.json.new'))
  await assert.rejects(note.write('downloading'), { code: 'disk' })
  rmSync(join(folder, 'session.json.new'), { recursive: true })
  await note.write('writing')
  assert.equal(
    Reflect.get(JSON.parse(readFileSync(join(folder, 'session.json'), 'utf8')) as object, 'state'),
    'writing',
  )
  await note.remove()
  assert.equal(existsSync(folder), false)
})

test('leaving a folder twice does not take the mark of the next one who has it', async (t) => {
  const folder = join(temporaryFolder(t), 'small.staging')
  const first = await openSession(folder, session, Date.now, false)
  await first.remove()
  const second = await openSession(folder, session, Date.now, false)
  first.leave()
  await assert.rejects(openSession(folder, session, Date.now, false), { code: 'in-use' })
  second.leave()
  ;(await openSession(folder, session, Date.now, false)).leave()
})
