import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { cp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { noRealLibrary, realLibraryFolder, realTag } from '../../../test/support/llama-library.ts'
import { patchText } from '../../../test/support/patched-library.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { SluiceError } from '../../core/errors.ts'
import { probeLibrary, withSearchPath } from './probe-library.ts'

const mini = { backends: /-(x64|haswell)/ }

async function failure(libraryPath: string, options: { deadlineMs?: number } = {}): Promise<SluiceError> {
  const result = await probeLibrary({ tag: realTag, libraryPath, ...options }).catch((error: unknown) => error)
  assert.ok(result instanceof SluiceError, JSON.stringify(result))
  assert.equal(result.code, 'not-loadable', result.message)
  return result
}

describe('a real library asked in a process of its own', { skip: noRealLibrary }, () => {
  it('tells its versions, a CPU device and the features of the CPU', async (t) => {
    const { libraryPath } = await realLibraryFolder(t)
    const facts = await probeLibrary({ tag: realTag, libraryPath })
    assert.equal(facts.tag, realTag)
    assert.equal(facts.libraryPath, libraryPath)
    assert.match(facts.llamaVersion ?? '', /^\d+\.\d+\.\d+/)
    assert.match(facts.ggmlVersion ?? '', /^\d+\.\d+\.\d+/)
    assert.match(facts.ggmlCommit ?? '', /^[\da-f]{7,}$/)
    assert.match(facts.systemInfo, /(SSE3|AVX2?|LLAMAFILE) = 1/)
    assert.deepEqual(
      facts.devices.map(({ kind }) => kind),
      ['cpu'],
    )
    assert.equal(facts.supportsGpu, false)
    assert.equal(facts.maxDevices, 16)
    assert.deepEqual(facts.problems, [])
  })

  it('is loaded by its versioned file where the links are gone', async (t) => {
    const { folder } = await realLibraryFolder(t, mini)
    await rm(join(folder, 'libllama.so'))
    await rm(join(folder, 'libllama.so.0'))
    const versioned = readdirSync(folder).find((name) => name.startsWith('libllama.v')) ?? ''
    assert.equal((await probeLibrary({ tag: realTag, libraryPath: join(folder, versioned) })).devices.length, 1)
  })

  it('loads its own neighbours, not those that LD_LIBRARY_PATH names', async (t) => {
    const { libraryPath } = await realLibraryFolder(t, mini)
    const other = await realLibraryFolder(t, mini)
    await truncate(join(other.folder, 'libggml-base.so'), 1000)
    const env = { ...process.env, LD_LIBRARY_PATH: other.folder }
    assert.equal((await probeLibrary({ tag: realTag, libraryPath, env })).devices.length, 1)
  })

  it('is refused where a neighbour is missing and came from another folder', async (t) => {
    const { folder, libraryPath } = await realLibraryFolder(t, mini)
    const other = await realLibraryFolder(t, mini)
    await rm(join(folder, 'libggml-base.so'))
    const env = { ...process.env, LD_LIBRARY_PATH: other.folder }
    await assert.rejects(
      probeLibrary({ tag: realTag, libraryPath, env }),
      (error) => error instanceof SluiceError && error.message.startsWith('libggml-base.so came from '),
    )
  })

  it('of several versions at once all answer', async (t) => {
    const libraries = await Promise.all([1, 2, 3].map(() => realLibraryFolder(t, mini)))
    const answers = await Promise.all(
      libraries.map(({ libraryPath }, index) => probeLibrary({ tag: `b${index + 11_000}`, libraryPath })),
    )
    assert.deepEqual(
      answers.map(({ tag }) => tag),
      ['b11000', 'b11001', 'b11002'],
    )
  })

  it('of another architecture is refused before it is run', async (t) => {
    const { libraryPath } = await realLibraryFolder(t, mini)
    const file = await open(libraryPath, 'r+')
    await file.write(Buffer.from([183, 0]), 0, 2, 18)
    await file.close()
    const error = await failure(libraryPath)
    assert.match(error.message, /^libllama\.\S+ is built for arm64, and this process runs on x64\.$/)
  })

  it('that is cut, a text or gone is refused', async (t) => {
    const { folder, libraryPath } = await realLibraryFolder(t, mini)
    await rm(join(folder, 'libllama.so.0'))
    assert.match((await failure(libraryPath)).message, /^There is no file .*libllama\.so\.$/)
    await writeFile(join(folder, 'libllama.so.0'), '<!doctype html>'.repeat(100))
    assert.match((await failure(libraryPath)).message, /is no library that can be loaded: it is neither ELF/)
    const whole = readdirSync(folder).find((name) => name.startsWith('libllama.v')) ?? ''
    await truncate(join(folder, whole), 1_000_000)
    assert.match((await failure(join(folder, whole))).message, /it ends early/)
  })

  it('names the library that the system lacks', async (t) => {
    const { libraryPath } = await realLibraryFolder(t, mini)
    await patchText(libraryPath, 'libgcc_s.so.1', 'libgonez.so.1')
    const error = await failure(libraryPath)
    assert.match(error.message, /^libllama\.\S+ needs libgonez\.so\.1, which this machine does not have\.$/)
  })

  it('names what a neighbour lacks, and that neighbour', async (t) => {
    const { folder, libraryPath } = await realLibraryFolder(t, mini)
    await patchText(join(folder, 'libggml-base.so'), 'libgcc_s.so.1', 'libgonez.so.1')
    assert.match((await failure(libraryPath)).message, /^libggml-base\.so needs libgonez\.so\.1, which/)
  })

  it('needs a neighbour that is not there', async (t) => {
    const { folder, libraryPath } = await realLibraryFolder(t, mini)
    await rm(join(folder, 'libggml-base.so'))
    assert.match((await failure(libraryPath)).message, /needs libggml-base\.so, which this machine does not have/)
  })

  it('says which glibc it needs and which is here', async (t) => {
    const { libraryPath } = await realLibraryFolder(t, mini)
    await patchText(libraryPath, 'GLIBC_2.34', 'GLIBC_9.34')
    const error = await failure(libraryPath)
    assert.match(error.message, /^libllama\.\S+ needs GLIBC_9\.34, and this machine has glibc 2\.\d+\.$/)
    assert.match(error.hint, /newer system/)
  })

  it('without a backend that can be loaded says why', async (t) => {
    const { folder, libraryPath } = await realLibraryFolder(t, { backends: /-x64/ })
    await patchText(join(folder, 'libggml-cpu-x64.so'), 'libgcc_s.so.1', 'libgomp.so.77')
    const error = await failure(libraryPath)
    assert.match(
      error.message,
      /^The library has no backend for this machine: libggml-cpu-x64\.so needs libgomp\.so\.77, which this machine/,
    )
    assert.match(error.hint, /libgomp1/)
    await rm(join(folder, 'libggml-cpu-x64.so'))
    assert.match((await failure(libraryPath)).message, /no file of a backend is beside it/)
  })

  it('works beside a backend that does not, and says so', async (t) => {
    const { folder, libraryPath } = await realLibraryFolder(t, mini)
    await cp(join(folder, 'libggml-cpu-x64.so'), join(folder, 'libggml-cuda.so'))
    await patchText(join(folder, 'libggml-cuda.so'), 'libgcc_s.so.1', 'libcuda.so.99')
    const { problems, devices } = await probeLibrary({ tag: realTag, libraryPath })
    assert.equal(devices.length, 1)
    assert.deepEqual(problems, ['libggml-cuda.so needs libcuda.so.99, which this machine does not have.'])
  })

  it('that is none of llama.cpp is refused by the function that it lacks', async (t) => {
    const { folder } = await realLibraryFolder(t, mini)
    const error = await failure(join(folder, 'libggml-base.so'))
    assert.match(error.message, /^The library has no function llama_backend_init/)
  })

  it('that does not answer in time is given up', async (t) => {
    const { libraryPath } = await realLibraryFolder(t, mini)
    assert.match((await failure(libraryPath, { deadlineMs: 1 })).message, /did not answer within 0\.001 s/)
  })

  it('is not asked further after an abort', async (t) => {
    const { libraryPath } = await realLibraryFolder(t, mini)
    const controller = new AbortController()
    const asked = probeLibrary({ tag: realTag, libraryPath, signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    await assert.rejects(asked, reason)
    await assert.rejects(probeLibrary({ tag: realTag, libraryPath, signal: controller.signal }), reason)
  })
})

it('a file that is not there is refused by any machine', async (t) => {
  const error = await failure(join(temporaryFolder(t), 'libllama.so'))
  assert.match(error.message, /^There is no file/)
})

it('the search path of the child is changed only where it is needed', () => {
  const env = { HOME: '/home/a' }
  const path = '/cache/llama/libllama.so'
  assert.equal(withSearchPath(env, 'b11429', path, 'linux'), env)
  assert.equal(withSearchPath(env, 'b4700', path, 'linux')['LD_LIBRARY_PATH'], '/cache/llama')
  const searched = { LD_LIBRARY_PATH: '/opt/cuda/lib' }
  assert.equal(withSearchPath(searched, 'b11429', path, 'linux')['LD_LIBRARY_PATH'], '/cache/llama:/opt/cuda/lib')
  assert.equal(withSearchPath(env, 'b4700', path, 'darwin'), env)
})
