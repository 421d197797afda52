import { z } from 'zod'
import type { Route, RouteBody } from './route.ts'
import { problem } from './schemas/rest.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

export interface Operation {
  readonly tags: readonly string[]
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: ReadonlyArray<{
    readonly name: string
    readonly in: 'path' | 'query'
    readonly required: boolean
    readonly description?: string
    readonly schema: JsonSchema
  }>
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: Readonly<Record<string, unknown>>
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, unknown>> & { readonly schemas: Readonly<Record<string, JsonSchema>> }
  readonly security: ReadonlyArray<Readonly<Record<string, readonly string[]>>>
}

/** The OpenAPI 3.1 document of the routes: its schemas are the ones that check. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = {}
  const shown = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => jsonSchema(schema, io, schemas)
  const refusal = {
    description: 'A problem: code and hint say more',
    content: { 'application/problem+json': { schema: shown(problem, 'output') } },
  }
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const { answer } = route
    const content =
      answer.schema === undefined ? undefined : { 'application/json': { schema: shown(answer.schema, 'output') } }
    const other = answer.type === undefined ? undefined : { [answer.type]: { schema: {} } }
    const parameters = [...pathParameters(route), ...queryParameters(route, shown)]
    paths[route.path] = {
      ...paths[route.path],
      [route.method]: {
        tags: [route.tag],
        operationId: operationId(route),
        summary: route.summary,
        ...(route.description === undefined ? {} : { description: route.description }),
        ...(parameters.length === 0 ? {} : { parameters }),
        ...(route.body === undefined ? {} : { requestBody: requestBody(route.body, shown) }),
        responses: {
          [answer.status]: { description: 'Done', content: content ?? other ?? {} },
          default: refusal,
        },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version,
      description:
        'The download manager of this machine. Sizes are bytes, speeds bytes per second, times ISO 8601 UTC.',
    },
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{}, { token: [] }],
  }
}

type Shown = (schema: z.ZodType, io: 'input' | 'output') => JsonSchema

function pathParameters(route: Route): NonNullable<Operation['parameters']> {
  if (!route.path.includes('{id}')) return []
  return [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
}

function queryParameters({ query }: Route, shown: Shown): NonNullable<Operation['parameters']> {
  if (query === undefined) return []
  const { properties = {}, required = [] } = shown(query, 'input') as {
    readonly properties?: Readonly<Record<string, JsonSchema>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name) && schema['default'] === undefined,
    ...(typeof description === 'string' ? { description } : {}),
    schema,
  }))
}

function requestBody(body: RouteBody<unknown>, shown: Shown): NonNullable<Operation['requestBody']> {
  const schema = shown(body.shown ?? body.schema, 'input')
  const form =
    body.form === undefined
      ? {}
      : { 'application/x-www-form-urlencoded': { schema }, 'multipart/form-data': { schema } }
  const text = body.text === undefined ? {} : { 'text/plain': { schema: { type: 'string' } } }
  return { required: body.empty === undefined, content: { 'application/json': { schema }, ...form, ...text } }
}

/** Schemas with an id go to `schemas` and are referred to. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, JsonSchema>): JsonSchema {
  const whole = z.toJSONSchema(z.object({ it: schema }), { io, unrepresentable: 'any' })
  const { properties, $defs = {} } = JSON.parse(
    JSON.stringify(whole).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as { properties: { it: JsonSchema }; $defs?: Record<string, JsonSchema> }
  for (const [name, { id: _id, ...definition }] of Object.entries($defs)) schemas[name] ??= definition
  return properties.it
}

/** Such as `postDownloadPause`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^a-zA-Z]+/).filter((word) => word !== '' && word !== 'api' && word !== 'id')
  const one = path.includes('{id}') && !path.startsWith('/api/download/') ? ['one'] : []
  return [method, ...words, ...one].map((word, i) => (i === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('')
}
