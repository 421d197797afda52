import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maxNameBytes, numberedName, partName, safeFileName, splitExtension } from './file-name.ts'

const bytes = (text: string): number => Buffer.byteLength(text)

function same(cases: ReadonlyArray<readonly [string, string]>): void {
  for (const [name, safe] of cases) assert.equal(safeFileName(name), safe, JSON.stringify(name))
}

test('ordinary names stay as they are', () => {
  for (const name of [
    '1b',
    'model.safetensors',
    'a (1).tar.gz',
    'naïve €.bin',
    '日本語.zip',
    '👩‍👩‍👧.png',
    'x',
    '-x',
    '_',
    'a..b',
  ]) {
    assert.equal(safeFileName(name), name)
  }
})

test('separators and characters that Windows forbids become _', () => {
  same([
    ['a/b\\c', 'a_b_c'],
    ['a<b>c:d"e|f?g*h', 'a_b_c_d_e_f_g_h'],
    ['/etc/passwd', '_etc_passwd'],
    ['C:\\x.bin', 'C__x.bin'],
  ])
})

test('controls, line separators and marks of direction become _', () => {
  same([
    ['a\0b\tc\nd\x7fe\x9bf', 'a_b_c_d_e_f'],
    ['a\u202egpj.exe', 'a_gpj.exe'],
    ['\u200ea\u200fb\u2066c\u2069d\u061ce', '_a_b_c_d_e'],
    ['a\u2028b\u2029c', 'a_b_c'],
  ])
})

test('lone surrogates become _, pairs stay', () => {
  same([
    ['a\ud800b', 'a_b'],
    ['\udc00', '_'],
    ['\ud83d\ude00.png', '😀.png'],
  ])
})

test('leading dots become _, trailing dots and blanks at the ends go', () => {
  same([
    ['.bashrc', '_bashrc'],
    ['...x', '___x'],
    ['..', '__'],
    ['.', '_'],
    ['name.', 'name'],
    ['name. . .', 'name'],
    ['  a b  ', 'a b'],
    [' .wgetrc', '_wgetrc'],
    ['..\\..\\down', '___.._down'],
  ])
})

test('names that Windows reserves get a _ in front, whatever follows the first dot', () => {
  for (const name of [
    'con',
    'CON',
    'nul.txt',
    'Aux.tar.gz',
    'prn .txt',
    'COM1',
    'lpt9.x',
    'com¹',
    'LPT³.bin',
    'CONIN$',
    'conout$.x',
  ]) {
    assert.equal(safeFileName(name), `_${name}`)
  }
  for (const name of ['console', 'com0', 'com10', 'xcon', 'con1', 'nul-1.txt']) assert.equal(safeFileName(name), name)
})

test('composed and decomposed letters give one name', () => {
  assert.equal(safeFileName('e\u0301.txt'), '\u00e9.txt')
})

test('nothing at all becomes download', () => {
  same([
    ['', 'download'],
    ['   ', 'download'],
    ['\u3000', 'download'],
  ])
})

test('long names keep their extension and fit with a number and .part in 255 bytes', () => {
  for (const ext of ['.safetensors', '.tar.gz', '.bin', '']) {
    for (const letter of ['x', 'é', '日', '😀']) {
      const name = safeFileName(letter.repeat(300) + ext)
      assert.ok(name.endsWith(letter + ext), name)
      assert.ok(bytes(partName(numberedName(name, 999))) <= 255)
      assert.ok(bytes(name) > maxNameBytes - 4)
    }
  }
})

test('a long name is cut between graphemes, and even one endless grapheme fits', () => {
  const family = '👩‍👩‍👧‍👦'
  const name = safeFileName(`${family.repeat(40)}.zip`)
  assert.equal(name, `${family.repeat(9)}.zip`)
  const endless = safeFileName(`a${'\u0316'.repeat(100_000)}.zip`)
  assert.ok(endless.endsWith('.zip') && bytes(endless) <= maxNameBytes && bytes(endless) > 200)
})

test('cutting never leaves a reserved name or a blank before the extension', () => {
  assert.equal(safeFileName(`con${' '.repeat(300)}x.txt`), '_con.txt')
})

test('numbers go in front of the extension, double extensions are one', () => {
  const names: Array<[string, string]> = [
    ['a.bin', 'a (1).bin'],
    ['a.tar.gz', 'a (1).tar.gz'],
    ['a.TAR.zst', 'a (1).TAR.zst'],
    ['README', 'README (1)'],
    ['_bashrc', '_bashrc (1)'],
    ['.hidden', '.hidden (1)'],
    ['a.b.c', 'a.b (1).c'],
    ['Vol. 3 of it', 'Vol. 3 of it (1)'],
    ['x.an-extension-far-too-long', 'x.an-extension-far-too-long (1)'],
  ]
  for (const [name, numbered] of names) assert.equal(numberedName(name, 1), numbered)
  assert.deepEqual(splitExtension('a.tar.bz2'), ['a', '.tar.bz2'])
  assert.deepEqual(splitExtension('.tar.gz'), ['.tar.gz', ''])
})

const nasty = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 }).map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom(
      '.',
      ' ',
      '/',
      '\\',
      'con',
      'NUL',
      'lpt1',
      '\u202e',
      'é',
      'e\u0301',
      '\ud800',
      '😀',
      '.tar',
      '.gz',
      'x',
      '$',
      '¹',
    ),
    maxLength: 400,
  }),
)

test('property: a safe name is one harmless component on every system, and stays the same when made safe again', () => {
  fc.assert(
    fc.property(nasty, (name) => {
      const safe = safeFileName(name)
      assert.equal(safeFileName(safe), safe)
      assert.ok(safe.length > 0 && bytes(safe) <= maxNameBytes)
      assert.doesNotMatch(safe, /[/\\<>:"|?*\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
      assert.doesNotMatch(safe, /^[.\s]|[.\s]$/)
      assert.ok(safe.isWellFormed() && safe === safe.normalize('NFC'))
      const stem = (safe.split('.')[0] ?? '').trim().toUpperCase()
      assert.doesNotMatch(stem, /^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[1-9¹²³])$/)
    }),
    { numRuns: 2000 },
  )
})
