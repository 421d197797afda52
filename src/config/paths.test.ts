import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inHome, ownPaths } from './paths.ts'

test('on Linux the XDG base directories decide, relative ones are ignored', () => {
  assert.deepEqual(ownPaths({ HOME: '/h' }, 'linux'), {
    data: '/h/.local/share/sluice',
    config: '/h/.config/sluice/config.toml',
    cache: '/h/.cache/sluice',
  })
  const env = { HOME: '/h', XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: 'relative', XDG_CACHE_HOME: '/c' }
  assert.deepEqual(ownPaths(env, 'linux'), {
    data: '/d/sluice',
    config: '/h/.config/sluice/config.toml',
    cache: '/c/sluice',
  })
})

test("Sluice's own variables win everywhere", () => {
  const env = { HOME: '/h', SLUICE_DATA_DIR: '/a', SLUICE_CONFIG: '/b.toml', SLUICE_CACHE_DIR: '/c' }
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    assert.deepEqual(ownPaths(env, platform), { data: '/a', config: '/b.toml', cache: '/c' })
  }
})

test('macOS and Windows have folders of their own', () => {
  assert.equal(ownPaths({ HOME: '/h' }, 'darwin').data, '/h/Library/Application Support/sluice')
  assert.ok(ownPaths({ HOME: '/h', LOCALAPPDATA: '/local' }, 'win32').data.startsWith('/local'))
})

test('~ is the home folder wherever a shell does not see it', () => {
  const env = { HOME: '/home/me' }
  assert.equal(inHome('~/x', env), '/home/me/x')
  assert.equal(inHome('~', env), '/home/me')
  for (const path of ['./~/x', '/~/x', '~you/x', 'a~/x', '']) assert.equal(inHome(path, env), path)
  assert.equal(ownPaths({ ...env, SLUICE_DATA_DIR: '~/data' }, 'linux').data, '/home/me/data')
})
