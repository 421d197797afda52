import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadFailure } from './load-failure.ts'

const path = '/cache/llama-b11429/libllama.so'

function said(text: string, absent: readonly string[] = []): string {
  return loadFailure(new Error(`Failed to load shared library: ${text}`), path, absent).message
}

test('a missing dependency is named, as glibc, musl and dyld tell it', () => {
  const names = {
    'libgomp.so.1: cannot open shared object file: No such file or directory': 'libgomp.so.1',
    'Error loading shared library libgomp.so.1: No such file or directory (needed by /a/b.so)': 'libgomp.so.1',
    "dlopen(/x/libllama.dylib, 0x0006): Library not loaded: @rpath/libggml.0.dylib\n  Referenced from: <A> /x/libllama.dylib\n  Reason: tried: '/x/libggml.0.dylib' (no such file)":
      'libggml.0.dylib',
  }
  for (const [text, name] of Object.entries(names))
    assert.equal(said(text), `libllama.so needs ${name}, which this machine does not have.`)
})

test('all that is missing is named, where more was found than the loader tells', () => {
  const text = 'libgomp.so.1: cannot open shared object file: No such file or directory'
  assert.match(said(text, ['libgomp.so.1', 'libfoo.so.2']), /needs libgomp\.so\.1, libfoo\.so\.2, which/)
  assert.match(said('The specified module could not be found.', ['cublas64_12.dll']), /needs cublas64_12\.dll, which/)
})

test('what to install is told for what is often missing', () => {
  const hintFor = (name: string): string => loadFailure('', path, [name]).hint ?? ''
  assert.match(hintFor('libgomp.so.1'), /libgomp1/)
  assert.match(hintFor('libvulkan.so.1'), /libvulkan1/)
  assert.match(hintFor('libcuda.so.1'), /NVIDIA driver/)
  assert.match(hintFor('libcudart.so.12'), /CUDA runtime/)
  assert.match(hintFor('MSVCP140.dll'), /Visual C\+\+/)
  assert.match(hintFor('libother.so'), /another variant/)
})

test('a libc or C++ runtime that is too old is told with the version that is needed', () => {
  assert.match(
    said("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /x/libggml.so)"),
    /^libllama\.so needs GLIBC_2\.38, and this machine has /,
  )
  assert.match(
    said("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /x/libllama.so)"),
    /needs GLIBCXX_3\.4\.32, and the C\+\+ runtime of this machine is older/,
  )
})

test('a wrong architecture, a damaged file, a missing function and a forbidden one are told apart', () => {
  assert.match(
    said("mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64')"),
    /another architecture/,
  )
  assert.match(said("Cannot load 'ARM64' DLL in 'x64' process"), /another architecture/)
  assert.match(said('file too short'), /is no library, or is damaged/)
  assert.match(said('undefined symbol: ggml_backend_reg'), /ggml_backend_reg is missing/)
  assert.match(said('cannot open shared object file: No such file or directory'), /^There is no file libllama\.so\.$/)
  assert.match(said('failed to map segment from shared object'), /does not let libllama\.so be loaded/)
})

test('what is not known is passed on, printable and short', () => {
  assert.equal(said('something new\u001b[31m'), 'libllama.so cannot be loaded: something new?[31m.')
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      fc.array(fc.string(), { maxLength: 4 }),
      (text, absent) => {
        const { message } = loadFailure(text, path, absent)
        assert.match(message, /^[\x20-\x7e…]{1,1000}$/)
      },
    ),
  )
})
