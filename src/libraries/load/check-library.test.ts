import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { dll, elfHeader, machOLibrary } from '../../../test/support/llama-binaries.ts'
import { noRealLibrary, realLibraryFolder } from '../../../test/support/llama-library.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { SluiceError } from '../../core/errors.ts'
import { checkLibrary } from './check-library.ts'

function refused(words: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof SluiceError && error.code === 'not-loadable' && words.test(error.message)
}

test(
  'neighbours come before what needs them, and what is not in the folder is outside',
  { skip: noRealLibrary },
  async (t) => {
    const { libraryPath } = await realLibraryFolder(t, { backends: /-x64/ })
    const { order, outside, glibc } = await checkLibrary(libraryPath, { arch: 'x64', glibc: '2.34' })
    assert.deepEqual(
      order.map((path) => basename(path).split('.')[0]),
      ['libggml-base', 'libggml', 'libllama'],
    )
    assert.ok(outside.includes('libstdc++.so.6') && !outside.includes('libggml-base.so'))
    assert.equal(glibc?.version, '2.34')
  },
)

test(
  'a library that needs a newer glibc is refused before it is run; one that is not known passes',
  { skip: noRealLibrary },
  async (t) => {
    const { libraryPath } = await realLibraryFolder(t, { backends: /-x64/ })
    await assert.rejects(
      checkLibrary(libraryPath, { arch: 'x64', glibc: '2.31' }),
      refused(/ needs GLIBC_2\.34, and this machine has glibc 2\.31\.$/),
    )
    await checkLibrary(libraryPath, { arch: 'x64', glibc: null })
  },
)

test('libraries of all systems are refused on another architecture', async (t) => {
  const folder = temporaryFolder(t)
  const files = {
    'libllama.so': elfHeader(183),
    'libllama.dylib': machOLibrary(0x0100_000c),
    'llama.dll': dll(0xaa64, []),
  }
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, name), bytes)
    const words = new RegExp(`^${name} is built for arm64, and this process runs on x64\\.$`)
    await assert.rejects(checkLibrary(join(folder, name), { arch: 'x64', glibc: null }), refused(words))
    await checkLibrary(join(folder, name), { arch: 'arm64', glibc: null })
  }
})

test('the architecture of an ELF file is told, however little of it is there; a whole one only ends early here', async (t) => {
  const file = join(temporaryFolder(t), 'libllama.so')
  const whole = elfHeader(183)
  for (const length of [20, 40, 64, 100]) {
    await writeFile(file, whole.subarray(0, length))
    await assert.rejects(
      checkLibrary(file, { arch: 'x64', glibc: null }),
      refused(/^libllama\.so is built for arm64, and this process runs on x64\.$/),
    )
    await assert.rejects(checkLibrary(file, { arch: 'arm64', glibc: null }), refused(/ends early|damaged|outside/))
  }
  await writeFile(file, whole.subarray(0, 19))
  await assert.rejects(checkLibrary(file, { arch: 'x64', glibc: null }), refused(/ends early/))
})

test('a library for another system is refused as that', async (t) => {
  const folder = temporaryFolder(t)
  const files = { 'a.so': elfHeader(62), 'b.so': machOLibrary(0x0100_0007), 'c.so': dll(0x8664, []) }
  const platforms = ['linux', 'darwin', 'win32']
  for (const [index, [name, bytes]] of Object.entries(files).entries()) {
    await writeFile(join(folder, name), bytes)
    for (const platform of platforms) {
      const check = checkLibrary(join(folder, name), { platform, arch: 'x64', glibc: null })
      const system = ['Linux', 'macOS', 'Windows'][index]
      if (platform === platforms[index]) await check
      else await assert.rejects(check, refused(new RegExp(`^${name} is a library for ${system}\\.$`)))
    }
  }
})

test('a neighbour for another architecture is named', async (t) => {
  const folder = temporaryFolder(t)
  await writeFile(join(folder, 'llama.dll'), dll(0x8664, ['ggml.dll']))
  await writeFile(join(folder, 'ggml.dll'), dll(0xaa64, []))
  await assert.rejects(
    checkLibrary(join(folder, 'llama.dll'), { arch: 'x64', glibc: null }),
    refused(/^ggml\.dll is built for arm64, and this process runs on x64\.$/),
  )
})

test('neighbours on macOS and Windows are found by their own ways to name them; circles end', async (t) => {
  const folder = temporaryFolder(t)
  await writeFile(join(folder, 'libllama.dylib'), machOLibrary(0x0100_000c))
  await writeFile(join(folder, 'libggml.0.dylib'), machOLibrary(0x0100_000c))
  await writeFile(join(folder, 'libSystem.B.dylib'), 'a trap: the system has its own')
  const mac = await checkLibrary(join(folder, 'libllama.dylib'), { arch: 'arm64', glibc: null })
  assert.deepEqual(
    mac.order.map((path) => basename(path)),
    ['libggml.0.dylib', 'libllama.dylib'],
  )
  assert.deepEqual(mac.outside, ['/usr/lib/libSystem.B.dylib'])
  await writeFile(join(folder, 'llama.dll'), dll(0x8664, ['GGML.dll', 'KERNEL32.dll']))
  await writeFile(join(folder, 'ggml.dll'), dll(0x8664, ['llama.dll']))
  const windows = await checkLibrary(join(folder, 'llama.dll'), { arch: 'x64', glibc: null })
  assert.deepEqual(
    windows.order.map((path) => basename(path)),
    ['ggml.dll', 'llama.dll'],
  )
  assert.deepEqual(windows.outside, ['KERNEL32.dll'])
})
