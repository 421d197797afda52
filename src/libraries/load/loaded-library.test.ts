import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { noRealLibrary, realLibraryFolder, realTag } from '../../../test/support/llama-library.ts'
import { patchText } from '../../../test/support/patched-library.ts'
import { SluiceError } from '../../core/errors.ts'
import { checkVersion, libraryFunction, load, loaded, unload } from './loaded-library.ts'

// One process has one library, so that this is one story; node:test runs each file in a process of its own.

/** A module with another address is another module. */
const copyOfModule = `${new URL('./loaded-library.ts', import.meta.url).href}?copy`

function has(code: string, words: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof SluiceError && error.code === code && words.test(error.message)
}

test('the library of a process', { skip: noRealLibrary }, async (t) => {
  const { folder, libraryPath } = await realLibraryFolder(t)
  const tree = { tag: realTag, libraryPath }
  const other = join(dirname(folder), 'llama-b11000')
  await cp(folder, other, { recursive: true, verbatimSymlinks: true })
  const otherTree = { tag: 'b11000', libraryPath: join(other, 'libllama.so') }

  await t.test('is not there at first: everything that needs it says so, unload does nothing', async () => {
    assert.equal(loaded(), null)
    assert.throws(() => libraryFunction('llama_max_devices', 'size_t'), has('not-loaded', /library not loaded/))
    await unload()
  })

  await t.test('after a load that failed before anything was loaded, another may be loaded', async () => {
    await assert.rejects(load({ tag: 'b1', libraryPath: join(folder, 'none.so') }), has('not-loadable', /no file/))
    assert.equal(loaded(), null)
  })

  await t.test('is loaded once by ten loads at the same time, and tells what it is', async () => {
    const facts = await Promise.all(Array.from({ length: 10 }, () => load(tree)))
    for (const one of facts) assert.equal(one, facts[0])
    assert.equal(loaded(), facts[0])
    assert.deepEqual(
      facts[0]?.devices.map(({ name, kind }) => [name, kind]),
      [['CPU', 'cpu']],
    )
    assert.match(facts[0]?.systemInfo ?? '', /(AVX2?|SSE3|LLAMAFILE) = 1/)
  })

  await t.test('is not another one: neither from another folder nor under another version', async () => {
    const words = /One process can load one version of llama\.cpp, and this one has b11429 loaded/
    await assert.rejects(load(otherTree), has('not-loadable', words))
    await assert.rejects(load({ tag: 'b11000', libraryPath }), has('not-loadable', words))
    assert.throws(() => checkVersion('b11000'), has('not-loadable', words))
    for (const tag of [realTag, null]) checkVersion(tag)
    assert.equal(loaded()?.tag, realTag)
  })

  await t.test('has its functions called by their names, until it is unloaded', async () => {
    const maxDevices = libraryFunction('llama_max_devices', 'size_t')
    assert.equal(maxDevices(), 16)
    assert.throws(() => libraryFunction('llama_nothing', 'void'), has('not-loadable', /no function llama_nothing/))
    await unload()
    assert.equal(loaded(), null)
    assert.throws(() => maxDevices(), has('not-loaded', /library not loaded/))
    await load(tree)
    assert.equal(maxDevices(), 16)
  })

  await t.test('is loaded again after an unload with the same devices, and still no other', async () => {
    await unload()
    await assert.rejects(
      load(otherTree),
      has('not-loadable', /this one had b11429 loaded, which never leaves its memory/),
    )
    assert.equal((await load(tree)).devices.length, 1)
  })

  await t.test('survives loads and unloads at the same time', async () => {
    const all = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? load(tree) : unload()))
    await Promise.all(all)
    assert.equal(loaded(), null)
    assert.equal((await load(tree)).devices.length, 1)
  })

  await t.test('is found by another copy of Sluice in this process, which takes no other', async () => {
    const copy: typeof import('./loaded-library.ts') = await import(copyOfModule)
    assert.equal(copy.loaded(), null)
    await patchText(otherTree.libraryPath, 'GLIBC_2.34', 'GLIBC_2.33')
    await assert.rejects(copy.load(otherTree), has('not-loadable', /this one has what is in \S+llama-b11429 loaded/))
  })
})
