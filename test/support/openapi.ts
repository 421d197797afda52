import fc from 'fast-check'
import { z } from 'zod'

/** As much of JSON Schema as the document uses. */
export interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
}

interface Content {
  readonly schema?: Schema
}

export interface Operation {
  readonly parameters?: ReadonlyArray<{ readonly name: string; readonly in: string; readonly schema?: Schema }>
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>
}

export interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

/** The schema with all references replaced by what they stand for; one inside itself becomes "anything". */
export function resolved(document: Document, schema: Schema, within: readonly string[] = []): Schema {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/components/schemas/', '')
    const found = document.components?.schemas?.[name]
    if (found === undefined) throw new Error(`${schema.$ref} is not in the document`)
    return within.includes(name) ? {} : resolved(document, found, [...within, name])
  }
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    if ('$ref' in value) return resolved(document, value as Schema, within)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)]))
  }
  return walk(schema) as Schema
}

/** What is wrong with an answer's JSON by the document, '' when nothing is. */
export function complaintAbout(document: Document, schema: Schema, value: unknown): string {
  const result = z.fromJSONSchema(resolved(document, schema) as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value)
  return result.success ? '' : z.prettifyError(result.error)
}

/** Texts for a field of this name, '' where it has none. */
export type TextsFor = (name: string) => fc.Arbitrary<string>

/** Values that are right, or nearly so, by the schema: what a client sends, also one with a bug. */
export function valuesOf(schema: Schema, texts: TextsFor, name = ''): fc.Arbitrary<unknown> {
  const { enum: words, items, anyOf, oneOf, allOf, minimum, maximum } = schema
  if ('const' in schema) return fc.constant(schema.const)
  if (words !== undefined) return fc.constantFrom(...words)
  const choices = anyOf ?? oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((one) => valuesOf(one, texts, name)))
  if (allOf !== undefined) return valuesOf(allOf[0] ?? {}, texts, name)
  const kind = typeof schema.type === 'string' ? schema.type : schema.type?.[0]
  switch (kind) {
    case 'string':
      return texts(name)
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.ceil(Math.max(minimum ?? 0, -1e9)),
        max: Math.floor(Math.min(maximum ?? 100, 1e9)),
      })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valuesOf(items ?? {}, texts, name), { minLength: 1, maxLength: 4 })
    case 'object':
      return objectsOf(schema, texts)
    default:
      return oddValues
  }
}

/** With the fields that must be there, the address where there may be one, and a few of the others. */
function objectsOf({ properties = {}, required = [] }: Schema, texts: TextsFor): fc.Arbitrary<unknown> {
  const names = Object.keys(properties)
  const always = new Set([...required, ...names.filter((name) => name === 'url')])
  const others = names.filter((name) => !always.has(name))
  return fc.subarray(others, { maxLength: Math.min(3, others.length) }).chain((chosen) => {
    const fields = [...always, ...chosen].map((name) => [name, valuesOf(properties[name] ?? {}, texts, name)] as const)
    return fc.record(Object.fromEntries(fields))
  })
}

const oddTexts = [
  ...['', ' ', '\0', '../../etc/passwd', '..\\..\\x', '💥', '\ud800', '\u202egpj.exe', 'x'.repeat(70_000)],
  ...['__proto__', 'constructor', 'toString', '-1', '1e999', 'NaN', "'; DROP TABLE downloads; --", '%00', '{{7*7}}'],
  ...['\r\nX-Injected: 1', '=1+1', 'null', 'true', '2026-13-45T99:99:99Z', '* * * * *', '0 0 31 2 *', '\ufeff'],
]

/** Values that no schema asks for. */
const oddValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1.5, -0, 2 ** 53, 1e308, -1e308, 5e-324),
  fc.constantFrom(...oddTexts),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    [null],
    { a: { b: {} } },
    Array.from({ length: 300 }, () => 1),
  ),
)

/** JSON texts in which one place of the value was replaced by something odd, or which are no JSON at all. */
export function damagedJson(values: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const replaced = fc.tuple(values, oddValues, fc.nat(1000)).map(([value, odd, place]) => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(odd)
    const keys = Object.keys(value)
    const key = keys[place % Math.max(1, keys.length)] ?? 'url'
    return JSON.stringify(Array.isArray(value) ? [...(value as unknown[]), odd] : { ...value, [key]: odd })
  })
  const extended = values.map((value) =>
    JSON.stringify(value ?? null).replace(/\}$/, (end) => `,"__proto__":{"admin":true},"constructor":1${end}`),
  )
  const broken = fc.tuple(values, fc.nat(1000)).map(([value, place]) => {
    const text = JSON.stringify(value ?? null)
    return text.slice(0, place % (text.length + 1))
  })
  const junk = fc.constantFrom(
    ...[
      '',
      '{',
      '[]',
      '{}',
      'null',
      '"',
      '1',
      '[1,',
      '\ufeff{}',
      '{"url":"\\ud800"}',
      '{"a":1}}',
      'undefined',
      "{'a':1}",
    ],
    ...['['.repeat(50_000), '{"a":'.repeat(20_000), `{"url":${'9'.repeat(5000)}}`, `{"url":"${'a'.repeat(200_000)}"}`],
  )
  return fc.oneof(replaced, extended, broken, junk)
}
