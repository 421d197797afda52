import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { artifactPath, checkDistinct, pathKey } from './artifact-path.ts'
import { SluiceError } from './errors.ts'

function refused(run: () => unknown, words: RegExp, what: string): void {
  assert.throws(
    run,
    (error) => {
      assert.ok(error instanceof SluiceError && error.code === 'bad-manifest')
      assert.match(error.message, words)
      assert.match(error.message, /^[\x20-\x7e…]{1,200}$/)
      return true
    },
    what,
  )
}

test('a safe title is the path, in NFC and with leading dots as _', () => {
  for (const [title, path] of [
    ['model.gguf', 'model.gguf'],
    ['a/b c/d (1).txt', 'a/b c/d (1).txt'],
    ['日本語/naïve.bin', '日本語/naïve.bin'],
    ['e\u0301.txt', '\u00e9.txt'],
    ['.gitattributes', '_gitattributes'],
    ['a/.x/...y', 'a/_x/___y'],
    ['x'.repeat(244), 'x'.repeat(244)],
    [Array(64).fill('x').join('/'), Array(64).fill('x').join('/')],
  ] as const)
    assert.equal(artifactPath(title), path)
})

test('a title that would have to be changed is refused with its reason', () => {
  for (const [title, words] of [
    ['', /is empty/],
    ['/etc/passwd', /"\/etc\/passwd" of a layer is absolute/],
    ['//host/share', /is absolute/],
    ['..', /has the part "\.\."/],
    ['a/../../b', /has the part "\.\."/],
    ['./a', /has the part "\."/],
    ['a//b', /has an empty part/],
    ['a/', /has an empty part/],
    ['C:/x', /is no file name/],
    ['C:x', /is no file name/],
    ['a\\b', /is no file name/],
    ['..\\..\\x', /is no file name/],
    ['a:stream', /is no file name/],
    ['a\0b', /"a\?b" of a layer is no file name/],
    ['a\n', /is no file name/],
    ['\u001b[31m', /is no file name/],
    ['a\u202egpj.exe', /"a\?gpj\.exe"/],
    ['\ud800', /is no file name/],
    ['con', /is no file name/],
    ['x/NUL.txt/y', /is no file name/],
    ['COM1', /is no file name/],
    ['a.', /is no file name/],
    ['a ', /is no file name/],
    [' a', /is no file name/],
    ['a*', /is no file name/],
    ['x'.repeat(245), /is no file name/],
    ['é'.repeat(123), /is no file name/],
    ['x/'.repeat(2048) + 'x', /longer than 4096 bytes/],
    ['é'.repeat(2049), /longer than 4096 bytes/],
    [Array(65).fill('x').join('/'), /more than 64 parts/],
  ] as const)
    refused(() => artifactPath(title), words, title)
})

test('two paths that are one on some system are refused, a folder with several files is not', () => {
  checkDistinct(['a', 'b/a', 'b/b', 'c/d/e', 'c/f'])
  for (const [paths, words] of [
    [['a', 'a'], /"a" of a layer is there twice/],
    [['README', 'readme'], /twice/],
    [['É', 'e\u0301'], /twice/],
    [['ſ', 'S'], /twice/],
    [['x/A', 'X/a'], /twice/],
    [['a/b', 'a'], /"a" of a layer is a file and a folder/],
    [['a', 'A/b/c'], /file and a folder/],
  ] as const)
    refused(() => checkDistinct(paths), words, paths.join())
})

test('property: a path never leads out, and stays the same when read again', () => {
  const text = fc.string({
    unit: fc.constantFrom('.', '/', '..', '\\', ':', ' ', 'con', 'é', 'e\u0301', '\u202e', 'x', '\0', '😀', '~'),
    maxLength: 30,
  })
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (title) => {
      let path: string
      try {
        path = artifactPath(title)
      } catch (error) {
        assert.ok(error instanceof SluiceError && error.code === 'bad-manifest')
        return
      }
      assert.equal(artifactPath(path), path)
      assert.ok(!path.startsWith('/') && !/[\\:\p{Cc}]/u.test(path))
      for (const part of path.split('/')) assert.match(part, /^[^./][^/]*$/)
      assert.equal(pathKey(pathKey(path)), pathKey(path))
    }),
    { numRuns: 2000 },
  )
})
