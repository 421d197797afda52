import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import { listLog } from '../../test/support/manager-parts.ts'
import { defaultSettings } from '../config/settings.ts'
import type { Settings } from '../config/settings.ts'
import type { Store } from '../store/types.ts'
import { openSettings } from './settings-keeper.ts'

test('changes are checked, kept over a restart, told to listeners, and can be reset', async (t) => {
  const lab = await openManagerLab(t)
  const heard: number[] = []
  lab.manager.events.listen((event) => event.type === 'settings' && heard.push(event.settings.maxConcurrent))
  await lab.manager.changeSettings({ maxConcurrent: 7 })
  await assert.rejects(lab.manager.changeSettings({ maxConcurrent: 99 }), { code: 'usage' })
  await assert.rejects(lab.manager.changeSettings({ downloadFolder: '../out' }), { code: 'usage' })
  await assert.rejects(lab.manager.changeSettings({ unknown: 1 }), { code: 'usage' })
  await assert.rejects(lab.manager.changeSettings({ presets: [{ name: 'p', dir: '../out' }] }), { code: 'usage' })
  await until(() => heard.length === 1, 'the event')
  await lab.reopen()
  assert.equal(lab.manager.settings().maxConcurrent, 7)
  await lab.manager.resetSettings()
  assert.deepEqual(lab.manager.settings(), defaultSettings)
})

test('a folder that is no longer good holds no other change up', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ downloadFolder: 'sub', presets: [{ name: 'p', dir: 'sub' }] })
  symlinkSync('/', join(lab.dir, 'sub'))
  await lab.manager.changeSettings({ maxConcurrent: 7 })
  await assert.rejects(lab.manager.changeSettings({ downloadFolder: 'sub/x' }), { code: 'usage' })
  assert.equal(lab.manager.settings().maxConcurrent, 7)
})

test('changes at the same time all count', async (t) => {
  const lab = await openManagerLab(t)
  await Promise.all([lab.manager.changeSettings({ maxConcurrent: 9 }), lab.manager.changeSettings({ retries: 1 })])
  const { maxConcurrent, retries } = lab.manager.settings()
  assert.deepEqual([maxConcurrent, retries], [9, 1])
})

test('a stored setting that is not valid here counts as its default; the others stay', async () => {
  const log = listLog()
  const saved: unknown[] = []
  const store: Pick<Store, 'loadSettings' | 'saveSettings'> = {
    loadSettings: async () => ({ maxConcurrent: 1000, retries: 2, ofTomorrow: true }),
    saveSettings: async (settings) => void saved.push(settings),
  }
  const keeper = await openSettings(store, log, async () => undefined)
  const changes: Settings[] = []
  keeper.onChange((now) => changes.push(now))
  assert.deepEqual([keeper.now().maxConcurrent, keeper.now().retries], [defaultSettings.maxConcurrent, 2])
  assert.equal(log.lines.length, 2)
  await keeper.change({ autoStart: false })
  assert.deepEqual(saved, [{ retries: 2, autoStart: false }])
  assert.equal(changes.length, 1)
})
