import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../test/support/manager-lab.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { createDesktop, folderCommand } from './desktop.ts'
import { createTargetFolder } from './target-folder.ts'

const completed = 'completed' as const

test('the program of each desktop gets the folder alone, and none is started where none is to be seen', () => {
  assert.deepEqual(folderCommand('/d/a b', 'linux', { DISPLAY: ':0' }), ['xdg-open', '/d/a b'])
  assert.deepEqual(folderCommand('/d', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }), ['xdg-open', '/d'])
  assert.equal(folderCommand('/d', 'linux', {}), null)
  assert.equal(folderCommand('/d', 'linux', { DISPLAY: '' }), null)
  assert.deepEqual(folderCommand('/d', 'darwin', {}), ['/usr/bin/open', '/d'])
  assert.deepEqual(folderCommand('D:\\d', 'win32', { SystemRoot: 'C:\\Windows' }), [
    'C:\\Windows\\explorer.exe',
    'D:\\d',
  ])
})

test('on macOS a folder that may be a program is only pointed at', () => {
  assert.deepEqual(folderCommand('/d/x.app', 'darwin', {}), ['/usr/bin/open', '-R', '/d/x.app'])
})

test('the folder of a finished file is given to the program of the desktop, without the secrets of the daemon', async (t) => {
  const root = temporaryFolder(t)
  const folder = await createTargetFolder(join(root, 'files'))
  const [programs, told] = [join(root, 'bin'), join(root, 'told')]
  mkdirSync(programs)
  writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\necho "$@ key=$SLUICE_KEY token=$SLUICE_TOKEN" > '${told}'\n`, {
    mode: 0o755,
  })
  mkdirSync(join(folder.root, 'a b;c'))
  const path = join(folder.root, 'a b;c', 'file.bin')
  writeFileSync(path, 'x')
  const env = { PATH: `${programs}:/usr/bin:/bin`, DISPLAY: ':9', SLUICE_KEY: 'k', SLUICE_TOKEN: 't' }
  const desktop = createDesktop(folder, false, 'linux', env)
  assert.equal(desktop.canOpen, true)
  await desktop.open({ status: completed, path })
  const read = (): string => {
    try {
      return readFileSync(told, 'utf8')
    } catch {
      return ''
    }
  }
  await until(() => read().endsWith('\n'), 'the program ran')
  assert.equal(read(), `${join(realpathSync(folder.root), 'a b;c')} key= token=\n`)
  await desktop.open({ status: completed, path: '/elsewhere/manifest' }, root)
  await until(() => read() === `${realpathSync(root)} key= token=\n`, 'the other folder is shown')
})

test('nothing is started for a daemon that others reach, without a desktop, or for what is not a finished file there', async (t) => {
  const root = temporaryFolder(t)
  const folder = await createTargetFolder(join(root, 'files'))
  const [path, outside, link] = [join(folder.root, 'a'), join(root, 'b'), join(folder.root, 'c')]
  for (const one of [path, outside]) writeFileSync(one, 'x')
  symlinkSync(outside, link)
  const here = { PATH: '/nowhere', DISPLAY: ':9' }
  const code = 'wrong-state'
  assert.equal(createDesktop(folder, true, 'linux', here).canOpen, false)
  await assert.rejects(createDesktop(folder, true, 'linux', here).open({ status: completed, path }), { code })
  assert.equal(createDesktop(folder, false, 'linux', {}).canOpen, false)
  await assert.rejects(createDesktop(folder, false, 'linux', {}).open({ status: completed, path }), { code })
  const desktop = createDesktop(folder, false, 'linux', here)
  await assert.rejects(desktop.open({ status: 'paused', path }), { code })
  for (const other of [outside, link, join(folder.root, 'gone'), ''])
    await assert.rejects(desktop.open({ status: completed, path: other }), { message: /no longer there/ })
  await assert.rejects(desktop.open({ status: completed, path }), { code, message: /could not be started: xdg-open/ })
})
