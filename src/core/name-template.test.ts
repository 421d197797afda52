import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from './errors.ts'
import { maxNameBytes } from './file-name.ts'
import { checkNameTemplate, nameFromTemplate } from './name-template.ts'

const parts = {
  name: 'disk.tar.gz',
  host: 'example.com',
  id: 'dl-0123456789abcdef',
  now: new Date(2026, 0, 2, 3, 4, 5),
}

test('each token stands for its part, times are local', () => {
  const name = (template: string): string => nameFromTemplate(template, parts)
  assert.equal(name(''), 'disk.tar.gz')
  assert.equal(name('{name}'), 'disk.tar.gz')
  assert.equal(name('{stem} {date} {time}.{ext}'), 'disk 2026-01-02 03-04-05.tar.gz')
  assert.equal(name('{host} - {name}'), 'example.com - disk.tar.gz')
  assert.equal(name('{id}.{ext}'), 'dl-0123456789abcdef.tar.gz')
})

test('the extension is kept where the template leaves it away', () => {
  assert.equal(nameFromTemplate('{stem}-{id}', parts), 'disk-dl-0123456789abcdef.tar.gz')
  assert.equal(nameFromTemplate('{date}', { ...parts, name: 'README' }), '2026-01-02')
  assert.equal(nameFromTemplate('{stem}.{ext}', { ...parts, name: 'README' }), 'README')
})

test('tokens inside of names are not filled in', () => {
  assert.equal(nameFromTemplate('{name}', { ...parts, name: '{host}.zip' }), '{host}.zip')
  assert.equal(nameFromTemplate('{host} {name}', { ...parts, name: '$& $1.zip' }), 'example.com $& $1.zip')
})

test('unknown tokens, lonely braces and separators are refused', () => {
  const wrong = {
    '{size}': /"\{size\}"/,
    '{}': /"\{\}"/,
    '{name': /brace/,
    'name}': /brace/,
    'a/{name}': /separator/,
    'a\\{name}': /separator/,
  }
  for (const [template, words] of Object.entries(wrong))
    assert.throws(
      () => checkNameTemplate(template),
      (error) => error instanceof SluiceError && error.code === 'usage' && words.test(error.message),
      template,
    )
  for (const template of ['', '{name}', 'x {stem}-{host}{date}{time}{id}.{ext}', 'plain']) checkNameTemplate(template)
})

test('property: no name or host leads out of the folder, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '{name}', '{host}{name}', '..{stem}', '{ext}{host}', '{stem}'),
      (name, host, template) => {
        const result = nameFromTemplate(template, { ...parts, name, host })
        assert.ok(result !== '' && result !== '.' && result !== '..')
        assert.doesNotMatch(result, /[/\\\u0000-\u001f]|^\./)
        assert.ok(Buffer.byteLength(result) <= maxNameBytes)
      },
    ),
  )
})
