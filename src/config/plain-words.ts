import type { z } from 'zod'

/** For `safeParse`: says in words for people what a schema refuses, where it has none of its own. Repeats no values. */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return 'it is missing'
  switch (issue.code) {
    case 'invalid_type':
      return `it must be ${types[issue.expected] ?? issue.expected}`
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum))
    case 'too_big':
      return `it ${verbOf(issue.origin)} at most ${amount(issue.origin, Number(issue.maximum))}`
    case 'invalid_value':
      return issue.values.length === 1
        ? `it must be ${String(issue.values[0])}`
        : `it must be one of ${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return `there is no field ${issue.keys.map((key) => `"${key.slice(0, 100)}"`).join(', ')}`
    case 'invalid_union':
      return 'it is none of what is possible here'
    default:
      return undefined
  }
}

const types: { readonly [E in z.core.$ZodIssueInvalidType['expected']]?: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
  record: 'an object with fields',
}

function tooSmall(origin: string, least: number): string {
  if (least === 1 && origin !== 'number' && origin !== 'int') return 'it is empty'
  return `it ${origin === 'string' || origin === 'array' ? 'needs' : 'must be'} at least ${amount(origin, least)}`
}

function verbOf(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'may have' : 'must be'
}

function amount(origin: string, count: number): string {
  if (origin === 'string') return `${count} characters`
  return origin === 'array' ? `${count} entries` : String(count)
}
