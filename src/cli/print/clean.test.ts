import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clean, cleanJson } from './clean.ts'

test('escape sequences, control and bidi characters never reach the terminal', () => {
  const samples: Array<[string, string]> = [
    ['plain name.iso', 'plain name.iso'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b]0;title\x07name', 'name'],
    ['\x1b]8;;http://evil\x1b\\link', 'link'],
    ['\x9b2Jgone', 'gone'],
    ['\x1bPdevice\x1b\\x', 'x'],
    ['two\r\nlines\tand a tab', 'two lines and a tab'],
    ['bell\x07 nul\0 del\x7f', 'bell nul del'],
    ['file\u202egpj.exe', 'filegpj.exe'],
    ['\u2066a\u2069\u200f\u061cb', 'ab'],
    ['naïve €.bin', 'naïve €.bin'],
    ['\ud800lone', '\ufffdlone'],
  ]
  for (const [raw, cleaned] of samples) assert.equal(clean(raw), cleaned, JSON.stringify(raw))
})

test('nothing that steers a terminal survives cleaning, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(clean(text), /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]/)
    }),
  )
})

test('JSON lines keep their meaning and are one harmless line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = cleanJson({ text })
      assert.equal(JSON.parse(line).text, text)
      assert.doesNotMatch(line, /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
})
