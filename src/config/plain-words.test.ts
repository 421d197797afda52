import assert from 'node:assert/strict'
import { it } from 'node:test'
import { z } from 'zod'
import { checked } from './schema-error.ts'

const schema = z.strictObject({
  count: z.int().min(1).max(10).default(1),
  name: z.string().min(1).max(5).default('a'),
  list: z.array(z.string()).min(1).max(2).default(['a']),
  choice: z.enum(['x', 'y']).default('x'),
  flag: z.boolean().default(true),
  record: z.record(z.string(), z.number()).default({}),
  either: z.union([z.literal('top'), z.int()]).default(1),
  own: z.string().regex(/^a/, 'Begin with a').default('a'),
  needed: z.string(),
})

it('tells in plain words what is wrong with a field', () => {
  const cases: Array<[object, string]> = [
    [{ count: 0 }, 'count: it must be at least 1.'],
    [{ count: 11 }, 'count: it must be at most 10.'],
    [{ count: 1.5 }, 'count: it must be a whole number.'],
    [{ count: '5' }, 'count: it must be a number.'],
    [{ name: '' }, 'name: it is empty.'],
    [{ name: 'secret' }, 'name: it may have at most 5 characters.'],
    [{ name: null }, 'name: it must be a text.'],
    [{ list: [] }, 'list: it is empty.'],
    [{ list: ['a', 'b', 'c'] }, 'list: it may have at most 2 entries.'],
    [{ list: 'a' }, 'list: it must be a list.'],
    [{ list: [5] }, 'list.0: it must be a text.'],
    [{ choice: 'z' }, 'choice: it must be one of x, y.'],
    [{ flag: 'true' }, 'flag: it must be true or false.'],
    [{ record: { a: 'b' } }, 'record.a: it must be a number.'],
    [{ either: 'bottom' }, 'either: it is none of what is possible here.'],
    [{ own: 'b' }, 'own: Begin with a.'],
    [{ other: 1 }, 'There is no field "other".'],
    [{ 'a\u202eb': 1 }, 'There is no field "a?b".'],
  ]
  for (const [change, words] of cases)
    assert.throws(() => checked(schema, { needed: 'a', ...change }), { code: 'usage', message: words })
})

it('tells what is missing', () => {
  assert.throws(() => checked(schema, {}), { message: 'needed: it is missing.' })
  for (const value of [null, [], 'a'])
    assert.throws(() => checked(schema, value), { message: 'It must be an object with fields.' })
})

it('names five fields at most, and says how many more there are', () => {
  const many = z.object(Object.fromEntries('abcdefg'.split('').map((name) => [name, z.string()])))
  assert.throws(() => checked(many, {}), { message: /^a: it is missing; .*e: it is missing \(and 2 more\)\.$/ })
})
