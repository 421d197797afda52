import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fileType } from './file-type.ts'

test('the type is the extension in lower case, double ones of archives kept', () => {
  const types = [
    'a.ZIP',
    'a.tar.gz',
    'A.Tar.Zst',
    'a.b.iso',
    'model.safetensors',
    'x.7z',
    'x.c++',
    'a.tar',
    'a b.tar.bz2',
  ]
  assert.deepEqual(types.map(fileType), [
    'zip',
    'tar.gz',
    'tar.zst',
    'iso',
    'safetensors',
    '7z',
    'c++',
    'tar',
    'tar.bz2',
  ])
})

test('what has no plain extension is unknown', () => {
  for (const name of [
    '',
    'README',
    '.bashrc',
    'a.',
    'a..',
    'x.файл',
    'x.a b',
    `x.${'a'.repeat(17)}`,
    'x.__proto__',
    'x.<b>',
  ])
    assert.equal(fileType(name), 'unknown', name)
})

test('property: any name gives a short type of harmless letters', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('', '.gz', '.tar.GZ', '.x\0'),
      (name, end) => {
        const type = fileType(name + end)
        assert.match(type, /^[a-z0-9+.-]{1,20}$/)
        assert.equal(fileType(`x.${type}`), type === 'unknown' ? 'unknown' : type)
      },
    ),
  )
})
