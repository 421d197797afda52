import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptLog } from '../../test/support/fake-manager.ts'
import { scriptedEngine } from '../../test/support/scripted-engine.ts'
import { defaultSettings } from '../config/settings.ts'
import { SluiceError } from '../core/errors.ts'
import { openEngine } from './engine-keeper.ts'

const options = { dir: '/files', dataDir: '/data', version: '1', reachable: false, log: keptLog() }

test('an engine that could not be opened does not keep the next change of settings from opening one', async () => {
  const engine = scriptedEngine()
  let fails = false
  const keeper = await openEngine(
    async (given) => {
      if (fails) throw new SluiceError('usage', 'The certificates cannot be read.')
      return engine.open(given)
    },
    options,
    defaultSettings,
  )
  fails = true
  await assert.rejects(keeper.replace({ ...defaultSettings, allowPrivate: true }, Promise.resolve()))
  await assert.rejects(keeper.now(), /certificates/)
  fails = false
  await keeper.replace(defaultSettings, Promise.resolve())
  assert.equal((await keeper.now()).get, engine.get)
  await keeper.close()
})
