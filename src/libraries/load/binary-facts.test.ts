import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { dll, elfHeader, machOLibrary, universal } from '../../../test/support/llama-binaries.ts'
import { noRealLibrary, realLibraryFolder } from '../../../test/support/llama-library.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { SluiceError } from '../../core/errors.ts'
import { binaryFacts } from './binary-facts.ts'

const arm64 = 0x0100_000c
const x64 = 0x0100_0007

function refused(words: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof SluiceError && error.code === 'not-loadable' && words.test(error.message)
}

test(
  'a real library of Linux tells its architecture, name, needs, search path and oldest glibc',
  { skip: noRealLibrary },
  async (t) => {
    const { libraryPath } = await realLibraryFolder(t, { backends: /-x64/ })
    const facts = await binaryFacts(libraryPath)
    assert.equal(facts.format, 'elf')
    assert.deepEqual(facts.archs, ['x64'])
    assert.match(facts.soname ?? '', /^libllama\./)
    assert.ok(facts.needed.includes('libggml-base.so') && facts.needed.includes('libc.so.6'), String(facts.needed))
    assert.ok(facts.runpath.includes('$ORIGIN'))
    assert.equal(facts.glibc, '2.34')
  },
)

test('an ELF file of another architecture is read as well, with its names', async (t) => {
  const file = join(temporaryFolder(t), 'libllama.so')
  await writeFile(file, elfHeader(183))
  assert.deepEqual(await binaryFacts(file), {
    format: 'elf',
    archs: ['arm64'],
    soname: null,
    needed: ['libx.so'],
    runpath: ['/a', '/b'],
    glibc: null,
    macos: null,
  })
})

test('a library of macOS tells what it needs and the oldest macOS; weak needs are none', async (t) => {
  const file = join(temporaryFolder(t), 'libllama.dylib')
  await writeFile(file, machOLibrary(arm64))
  assert.deepEqual(await binaryFacts(file), {
    format: 'mach-o',
    archs: ['arm64'],
    soname: '@rpath/libllama.0.dylib',
    needed: ['@rpath/libggml.0.dylib', '/usr/lib/libSystem.B.dylib'],
    runpath: ['@loader_path'],
    glibc: null,
    macos: '13.3',
  })
})

test('a universal file of macOS tells all its architectures; a Java class is none', async (t) => {
  const folder = temporaryFolder(t)
  const parts = [x64, arm64].map((cpu) => [cpu, machOLibrary(cpu)] as const)
  await writeFile(join(folder, 'both'), universal(parts))
  assert.deepEqual((await binaryFacts(join(folder, 'both'), 'arm64')).archs, ['x64', 'arm64'])
  const java = Buffer.alloc(100)
  java.writeUInt32BE(0xcafe_babe)
  java.writeUInt32BE(61, 4)
  await writeFile(join(folder, 'java'), java)
  await assert.rejects(binaryFacts(join(folder, 'java')), refused(/neither ELF, Mach-O nor PE/))
})

test('a DLL tells what it imports', async (t) => {
  const file = join(temporaryFolder(t), 'llama.dll')
  await writeFile(file, dll(0xaa64, ['ggml.dll', 'KERNEL32.dll']))
  const facts = await binaryFacts(file)
  assert.deepEqual([facts.format, facts.archs, facts.needed], ['pe', ['arm64'], ['ggml.dll', 'KERNEL32.dll']])
})

test('what is no library is refused, each in its own words', async (t) => {
  const folder = temporaryFolder(t)
  const path = (name: string): string => join(folder, name)
  await writeFile(path('text'), '<html>not found</html>'.repeat(10))
  await writeFile(path('empty'), '')
  await writeFile(path('cut'), elfHeader(62).subarray(0, 100))
  const program = elfHeader(62)
  program.writeUInt16LE(2, 16)
  await writeFile(path('program'), program)
  await mkdir(path('folder'))
  await assert.rejects(binaryFacts(path('text')), refused(/neither ELF, Mach-O nor PE/))
  await assert.rejects(binaryFacts(path('empty')), refused(/it is empty/))
  await assert.rejects(binaryFacts(path('cut')), refused(/it ends early/))
  await assert.rejects(binaryFacts(path('program')), refused(/it is a program/))
  await assert.rejects(binaryFacts(path('folder')), refused(/is no file/))
  await assert.rejects(binaryFacts(path('nothing')), refused(/There is no file/))
})

test('a named pipe is refused without waiting for a writer', async (t) => {
  const pipe = join(temporaryFolder(t), 'pipe')
  execFileSync('mkfifo', [pipe])
  await assert.rejects(binaryFacts(pipe), refused(/is no file/))
})

test('a header with any of its bytes changed is read or refused, in bounded time', async (t) => {
  const file = join(temporaryFolder(t), 'changed')
  const part = machOLibrary(arm64)
  const whole = [elfHeader(62), part, universal([[arm64, part]]), dll(0x8664, ['ggml.dll'])]
  if (noRealLibrary === false)
    whole.push(
      readFileSync((await realLibraryFolder(t, { backends: /-x64/ })).libraryPath.replace('libllama', 'libggml')),
    )
  const change = fc.record({
    which: fc.nat(whole.length - 1),
    at: fc.array(fc.record({ offset: fc.nat(700), value: fc.nat(255) }), { minLength: 1, maxLength: 8 }),
    keep: fc.option(fc.nat(4096), { nil: null }),
  })
  await fc.assert(
    fc.asyncProperty(change, async ({ which, at, keep }) => {
      const bytes = Buffer.from(whole[which] ?? '')
      for (const { offset, value } of at) bytes[offset % bytes.length] = value
      await writeFile(file, keep === null ? bytes : bytes.subarray(0, keep))
      await binaryFacts(file).then(
        (facts) => assert.ok(facts.needed.length <= 512),
        (error: unknown) => assert.ok(refused(/./)(error), String(error)),
      )
    }),
    { numRuns: 400 },
  )
})
