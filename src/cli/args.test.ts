import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getOptions } from '../config/options.ts'
import { SluiceError } from '../core/errors.ts'
import { parseArguments } from './args.ts'
import { closest } from './closest.ts'

function parsed(line: string): { flags: Record<string, readonly string[]>; positionals: readonly string[] } {
  const { flags, positionals } = parseArguments(line.split(' '), getOptions)
  return { flags: Object.fromEntries(flags), positionals }
}

test('flags stand before, between or behind arguments, in every usual spelling', () => {
  assert.deepEqual(parsed('-d x u1 --jobs=3 -x4 u2 --json -qv -H A:1 --header B:2 -i -'), {
    flags: {
      dir: ['x'],
      jobs: ['3'],
      connections: ['4'],
      json: ['true'],
      quiet: ['true'],
      verbose: ['true'],
      header: ['A:1', 'B:2'],
      input: ['-'],
    },
    positionals: ['u1', 'u2'],
  })
})

test('-4 and -6 are flags, and --no-progress is one of its own', () => {
  assert.deepEqual(parsed('-4 -6 --no-progress u').flags, { ipv4: ['true'], ipv6: ['true'], 'no-progress': ['true'] })
})

test('after -- everything is an argument', () => {
  assert.deepEqual(parsed('--json -- --dir -x').positionals, ['--dir', '-x'])
})

test('unknown flags and missing values are usage errors that name them', () => {
  const wrong: Array<[string, RegExp]> = [
    ['--no-such-flag u', /no flag --no-such-flag/],
    ['-z u', /no flag -z/],
    ['-qz u', /no flag -z/],
    ['u -d', /-d needs a value/],
    ['u --dir', /--dir needs a value/],
    ['--__proto__ u', /no flag/],
  ]
  for (const [line, pattern] of wrong) {
    assert.throws(
      () => parsed(line),
      (error) => error instanceof SluiceError && error.exitCode === 2 && pattern.test(error.message),
      line,
    )
  }
})

test('a near miss is named in the hint', () => {
  assert.throws(() => parsed('--limit-rat 1 u'), { hint: 'Did you mean --limit-rate?' })
  assert.equal(closest('gte', ['get', 'pull']), 'get')
  assert.equal(closest('something', ['get', 'pull']), undefined)
})
