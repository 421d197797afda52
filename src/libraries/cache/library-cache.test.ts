import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cacheLab, fill, hex, treeKey, usualFiles } from '../../../test/support/cache-lab.ts'
import { source } from '../../../test/support/node-child.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { openLibraryCache } from './open-library-cache.ts'
import { recordName } from './tree-record.ts'

test('what was installed is found again, listed and verified, by another process too', async (t) => {
  const { dir, cache, warnings } = cacheLab(t)
  const key = treeKey()
  assert.equal(await cache.find(key), null)
  assert.deepEqual(await cache.list(), [])
  assert.equal(existsSync(dir), false)
  const made = await cache.install(key, async (folder) => {
    assert.deepEqual(readdirSync(folder), [])
    assert.equal(lstatSync(join(folder, '..')).mode & 0o777, 0o700)
    return fill(folder)
  })
  assert.equal(made.folder, join(dir, `trees/ggml-org/llama.cpp/b11429/linux-amd64-cpu-${made.sha256.slice(0, 12)}`))
  assert.equal(made.libraryPath, join(made.folder, 'llama-b1/libllama.so'))
  assert.equal(readFileSync(made.libraryPath, 'utf8'), 'the library')
  assert.equal(made.bytes, 'the library'.length + 'the base'.length + 'MIT'.length)
  const other = openLibraryCache(dir)
  assert.deepEqual(await other.find(key), made)
  assert.deepEqual(await other.list(), [made])
  const check = await other.check(made)
  assert.deepEqual(check, { tree: made, verdict: 'verified', changed: [], missing: [], unexpected: [] })
  assert.deepEqual(readdirSync(dir).sort(), ['.sluice-cache', 'downloads', 'locks', 'trees'])
  assert.deepEqual(warnings, [])
})

test('a cache where a file system takes no folders is an error that says so', async () => {
  for (const dir of ['/proc/none', '/proc/none/below'])
    await assert.rejects(openLibraryCache(dir).prepare(), {
      code: 'disk-permission',
      exitCode: 6,
      message: /\/proc\/none/,
    })
})

test('a tree is made once, however many ask for it at the same time', async (t) => {
  const { cache } = cacheLab(t)
  let made = 0
  const asked = Array.from({ length: 8 }, () =>
    cache.install(treeKey(), async (folder) => {
      made++
      await new Promise(setImmediate)
      return fill(folder)
    }),
  )
  assert.equal(new Set((await Promise.all(asked)).map(({ folder }) => folder)).size, 1)
  assert.equal(made, 1)
})

test('after a failure nothing is left, and one who waited makes the tree himself', async (t) => {
  const { dir, cache } = cacheLab(t)
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const failing = cache.install(treeKey(), async (folder) => {
    fill(folder)
    begin()
    throw new Error('no luck')
  })
  await begun
  const waiting = cache.install(treeKey(), async (folder) => fill(folder))
  const [failed, good] = await Promise.allSettled([failing, waiting])
  assert.match(String(failed.status === 'rejected' && failed.reason), /no luck/)
  assert.equal(good.status === 'fulfilled' && good.value.tag, 'b11429')
  assert.deepEqual(
    readdirSync(dir).filter((name) => name.startsWith('.t')),
    [],
  )
})

test('an install that is cancelled leaves nothing, whether it makes or waits', async (t) => {
  const { dir, cache } = cacheLab(t)
  const cancel = new AbortController()
  const { promise: going, resolve: go } = Promise.withResolvers<void>()
  const making = cache.install(
    treeKey(),
    async (folder) => {
      await going
      return fill(folder)
    },
    { signal: cancel.signal },
  )
  const waiting = cache.install(treeKey(), async (folder) => fill(folder), { signal: cancel.signal })
  const rejected = [making, waiting].map((install) => assert.rejects(install, /enough/))
  cancel.abort(new Error('enough'))
  go()
  await Promise.all(rejected)
  assert.deepEqual(await cache.list(), [])
  assert.deepEqual(readdirSync(join(dir, 'locks')), [])
})

test('a tree that is not what its list says is not installed', async (t) => {
  const { cache } = cacheLab(t)
  const wrong: Array<(folder: string) => ReturnType<typeof fill>> = [
    (folder) => ({ ...fill(folder), files: fill(join(folder, 'x')).files }),
    (folder) => {
      const made = fill(folder)
      appendFileSync(join(folder, 'llama-b1/LICENSE'), '!')
      return made
    },
    (folder) => {
      const made = fill(folder)
      writeFileSync(join(folder, 'more'), '')
      return made
    },
    (folder) => fill(folder, { ...usualFiles, 'llama-b1/libx.so': '-> nowhere' }),
    (folder) => fill(folder, { ...usualFiles, 'llama-b1/libx.so': '-> ../../../../../../../../../../../etc/passwd' }),
    (folder) => fill(folder, usualFiles, { library: 'other' }),
    (folder) => fill(folder, usualFiles, { sha256: '../../../x' }),
    (folder) => {
      const made = fill(folder)
      return { ...made, files: [...made.files, { path: '../x', kind: 'file', size: 0, sha256: hex(''), mode: 0o644 }] }
    },
  ]
  for (const make of wrong)
    await assert.rejects(
      cache.install(treeKey(), async (folder) => make(folder)),
      { code: 'internal' },
    )
  assert.deepEqual(await cache.list(), [])
})

test('keys that make no folder names are refused before anything is touched', async (t) => {
  const { dir, cache } = cacheLab(t)
  const bad = [
    ...['..', '.', 'a/b', '', 'x\0', 'aux', 'b1 ', '.b1'].map((tag) => treeKey(tag)),
    ...['x', '../x', 'a/..', 'a/b/c', 'a/b\\c', '/a'].map((repository) => treeKey('b1', { repository })),
    ...['', '../x', 'a/b', 'cpu.'].map((variant) => treeKey('b1', { variant })),
    treeKey('b1', { platform: { os: 'linux', arch: '../..' as 'amd64' } }),
  ]
  for (const key of bad) {
    await assert.rejects(cache.find(key), { code: 'usage' }, JSON.stringify(key))
    await assert.rejects(
      cache.install(key, async (folder) => fill(folder)),
      { code: 'usage' },
    )
  }
  assert.equal(existsSync(dir), false)
})

test('a changed, missing or added library is found at once, removed and made anew; what is no library may lie there', async (t) => {
  const { cache, warnings } = cacheLab(t)
  const key = treeKey()
  const install = () => cache.install(key, async (folder) => fill(folder))
  const damages: Array<[RegExp, (folder: string) => void]> = [
    [/0\.5\.0 was changed/, (folder) => appendFileSync(join(folder, 'llama-b1/libllama.so.0.5.0'), 'x')],
    [/libggml-base.so was changed/, (folder) => writeFileSync(join(folder, 'llama-b1/libggml-base.so'), 'The base')],
    [/libggml-base.so is missing/, (folder) => unlinkSync(join(folder, 'llama-b1/libggml-base.so'))],
    [/libggml-evil.so was added/, (folder) => writeFileSync(join(folder, 'llama-b1/libggml-evil.so'), '')],
    [/no record/, (folder) => unlinkSync(join(folder, recordName))],
    [/no record/, (folder) => writeFileSync(join(folder, recordName), '{')],
    [
      /libllama.so was changed/,
      (folder) => {
        unlinkSync(join(folder, 'llama-b1/libllama.so'))
        symlinkSync('/etc/passwd', join(folder, 'llama-b1/libllama.so'))
      },
    ],
    [
      /libllama.so was changed/,
      (folder) => {
        unlinkSync(join(folder, 'llama-b1/libllama.so.0'))
        symlinkSync('libllama.so', join(folder, 'llama-b1/libllama.so.0'))
      },
    ],
    [
      /libggml-base.so was changed/,
      (folder) => {
        unlinkSync(join(folder, 'llama-b1/libggml-base.so'))
        mkdirSync(join(folder, 'llama-b1/libggml-base.so'))
        symlinkSync('libllama.so.0.5.0', join(folder, 'llama-b1/libggml-base.so/x'))
        rmSync(join(folder, 'llama-b1/libggml-base.so'), { recursive: true })
        symlinkSync('libllama.so.0.5.0', join(folder, 'llama-b1/libggml-base.so'))
      },
    ],
  ]
  for (const [words, damage] of damages) {
    const { folder } = await install()
    damage(folder)
    assert.equal(await cache.find(key), null)
    assert.match(warnings.pop() ?? '', words)
    assert.equal(existsSync(folder), false)
    assert.deepEqual(await cache.list(), [])
  }
  const tree = await install()
  writeFileSync(join(tree.folder, 'notes.txt'), '')
  writeFileSync(join(tree.folder, '.DS_Store'), '')
  assert.ok(await cache.find(key))
  assert.deepEqual((await cache.check(tree)).unexpected, ['notes.txt'])
})

test('a copy of a cache with other times is as good, as the content decides', async (t) => {
  const { dir, cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  const copy = join(temporaryFolder(t), 'copy')
  cpSync(dir, copy, { recursive: true, verbatimSymlinks: true })
  const found = await openLibraryCache(copy).find(treeKey())
  assert.equal(found?.folder, tree.folder.replace(dir, copy))
  const base = join(tree.folder, 'llama-b1/libggml-base.so')
  assert.equal(statSync(base).mtimeMs % 1000, 0)
  utimesSync(base, 1, 1)
  assert.ok(await cache.find(treeKey()))
})

test('checking reads everything: changes that keep size and time are found, and nothing is removed', async (t) => {
  const { cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  const base = join(tree.folder, 'llama-b1/libggml-base.so')
  const { atime, mtime } = statSync(base)
  writeFileSync(base, 'The base')
  utimesSync(base, atime, mtime)
  unlinkSync(join(tree.folder, 'llama-b1/LICENSE'))
  writeFileSync(join(tree.folder, 'more'), '')
  const { verdict, changed, missing, unexpected } = await cache.check(tree)
  assert.deepEqual(
    { verdict, changed, missing, unexpected },
    {
      verdict: 'damaged',
      changed: ['llama-b1/libggml-base.so'],
      missing: ['llama-b1/LICENSE'],
      unexpected: ['more'],
    },
  )
  assert.equal((await cache.list()).length, 1)
  rmSync(tree.folder, { recursive: true })
  assert.equal((await cache.check(tree)).missing.length, 5)
  await assert.rejects(cache.check(tree, AbortSignal.abort(new Error('enough'))), /enough/)
})

test('platforms, variants and digests do not get into each other’s way', async (t) => {
  const { cache } = cacheLab(t)
  const keys = [
    treeKey(),
    treeKey('b11429', { variant: 'cuda' }),
    treeKey('b11429', { variant: 'cuda-13.4' }),
    treeKey('b11429', { platform: { os: 'windows', arch: 'amd64' } }),
    treeKey('b11429', { repository: 'Other/llama.cpp' }),
  ]
  for (const key of keys) await cache.install(key, async (folder) => fill(folder))
  for (const key of keys) assert.deepEqual((await cache.find(key))?.variant, key.variant)
  assert.equal((await cache.list()).length, keys.length)
  assert.ok(await cache.find(treeKey('b11429', { repository: 'GGML-org/llama.cpp' })))
  assert.equal(await cache.find(treeKey('b11428')), null)
})

test('a tag whose archive was replaced has two trees; the one installed last is found', async (t) => {
  const lab = cacheLab(t)
  const old = await lab.cache.install(treeKey(), async (folder) => fill(folder))
  await lab.cache.remove(old)
  lab.clock += 1000
  const fresh = await lab.cache.install(treeKey(), async (folder) => fill(folder, usualFiles, { sha256: hex('new') }))
  const aside = join(fresh.folder, '../x')
  cpSync(fresh.folder, aside, { recursive: true, verbatimSymlinks: true })
  await lab.cache.remove(fresh)
  lab.clock -= 1000
  await lab.cache.install(treeKey(), async (folder) => fill(folder))
  cpSync(aside, fresh.folder, { recursive: true, verbatimSymlinks: true })
  assert.equal((await lab.cache.find(treeKey()))?.sha256, hex('new'))
  assert.equal((await lab.cache.list()).length, 2)
})

test('removing gives the bytes, keeps the others, and refuses what is not of this cache', async (t) => {
  const { dir, cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  const elsewhere = temporaryFolder(t)
  await assert.rejects(cache.remove({ ...tree, folder: elsewhere }), { code: 'usage' })
  await assert.rejects(cache.remove({ ...tree, tag: '../..' }), { code: 'usage' })
  await assert.rejects(cache.check({ ...tree, folder: elsewhere }), { code: 'usage' })
  const bytes = await cache.remove(tree)
  assert.ok(bytes > tree.bytes, String(bytes))
  assert.equal(await cache.remove(tree), 0)
  assert.equal(existsSync(join(dir, 'trees')), false)
})

test('the cache folder may be a link, but no folder in it', async (t) => {
  const real = temporaryFolder(t)
  const dir = join(temporaryFolder(t), 'link')
  symlinkSync(real, dir)
  const { cache } = cacheLab(t, dir)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  assert.deepEqual(await cache.find(treeKey()), tree)
  assert.equal((await cache.check(tree)).verdict, 'verified')
  assert.ok((await cache.clean()) > 0)
  assert.ok(lstatSync(dir).isSymbolicLink())
  assert.deepEqual(readdirSync(realpathSync(dir)), [])

  const outside = temporaryFolder(t)
  mkdirSync(join(dir, 'trees'))
  symlinkSync(outside, join(dir, 'trees/ggml-org'))
  await assert.rejects(cache.find(treeKey()), { code: 'target-exists' })
  await assert.rejects(
    cache.install(treeKey(), async (folder) => fill(folder)),
    { code: 'target-exists' },
  )
  assert.deepEqual(await cache.list(), [])
  assert.deepEqual(readdirSync(outside), [])
})

test('a cache that may not be written to is read, and says so when it is to change', (t) => {
  // Root may write everywhere, so a child process gives its rights away first.
  const { dir } = cacheLab(t)
  const text = `
    import { openLibraryCache } from ${source('libraries/cache/open-library-cache.ts')}
    import { fill, treeKey } from ${source('../test/support/cache-lab.ts')}
    import { chmodSync, appendFileSync } from 'node:fs'
    import { dirname, join } from 'node:path'
    import { markUse } from ${source('libraries/cache/use-mark.ts')}
    const warnings = []
    const cache = openLibraryCache(${JSON.stringify(dir)}, { onWarning: (message) => warnings.push(message) })
    const tree = await cache.install(treeKey(), async (folder) => fill(folder))
    const locked = [cache.dir, join(cache.dir, 'locks'), dirname(tree.folder), tree.folder, join(tree.folder, 'llama-b1')]
    const isRoot = process.getuid() === 0
    const become = (user) => isRoot && process.seteuid(user)
    for (const path of locked) chmodSync(path, 0o555)
    become(65534)
    const told = (work) => work.then(() => 'done', ({ code, message }) => code + ' ' + message)
    console.log(String((await cache.find(treeKey())) !== null))
    await (await markUse(tree)).release()
    console.log(await told(cache.install(treeKey('b2'), async (folder) => fill(folder))))
    console.log(await told(cache.clean()))
    become(0)
    appendFileSync(join(tree.folder, 'llama-b1/LICENSE'), 'x')
    become(65534)
    console.log(String(await cache.find(treeKey())), warnings.length)
    become(0)
    for (const path of locked) chmodSync(path, 0o755)
  `
  mkdirSync(dir, { recursive: true })
  chmodSync(join(dir, '..'), 0o755)
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8' })
  const [found, install, clean, damaged] = stdout.split('\n')
  assert.equal(found, 'true', stderr)
  assert.match(install ?? '', /^disk-permission .*not permitted.*llama/)
  assert.match(clean ?? '', /^disk-permission .*not permitted.*llama/)
  assert.equal(damaged, 'null 2')
})

test('a record counts only in its own place, and files behind a link are none of the tree', async (t) => {
  const { dir, cache } = cacheLab(t)
  const tree = await cache.install(treeKey('b1'), async (folder) => fill(folder))
  for (const place of [
    tree.folder.replace('/b1/', '/b2/'),
    tree.folder.replace('-cpu-', '-vulkan-'),
    tree.folder.replace('ggml-org', 'other'),
    `${tree.folder.slice(0, -12)}${'0'.repeat(12)}`,
  ])
    cpSync(tree.folder, place, { recursive: true, verbatimSymlinks: true })
  assert.deepEqual(await cache.list(), [tree])
  assert.equal(await cache.find(treeKey('b2')), null)
  assert.equal(await cache.find(treeKey('b1', { variant: 'vulkan' })), null)
  assert.deepEqual(await cache.find(treeKey('b1')), tree)

  const outside = join(dir, '../outside')
  cpSync(join(tree.folder, 'llama-b1'), outside, { recursive: true, verbatimSymlinks: true })
  rmSync(join(tree.folder, 'llama-b1'), { recursive: true })
  symlinkSync(outside, join(tree.folder, 'llama-b1'))
  assert.equal((await cache.check(tree)).missing.length, 5)
  assert.equal(await cache.find(treeKey('b1')), null)
  assert.equal(readdirSync(outside).length, 5)
})
