import type { Hono } from 'hono'
import type { z } from 'zod'
import { checked } from '../config/schema-error.ts'
import { SluiceError } from '../core/errors.ts'
import { largeBody, mediaType, readForm, readJson, readText, smallBody } from './http/body.ts'
import type { ServerContext, ServerEnvironment } from './http/environment.ts'
import { problemResponse } from './http/problem.ts'

export interface RouteInput<Q, B> {
  /** The part of the path in braces, '' where it has none. */
  readonly id: string
  readonly query: Q
  readonly body: B
  readonly context: ServerContext
}

export interface RouteBody<B> {
  readonly schema: z.ZodType<B>
  /** Where the document should show another schema than the one that checks. */
  readonly shown?: z.ZodType
  /** Makes of a form what the schema checks; without it forms are refused. */
  readonly form?: (fields: ReadonlyArray<readonly [string, string]>) => unknown
  /** Makes of plain text what the schema checks; without it text is refused. */
  readonly text?: (text: string) => unknown
  /** The text of a JSON body as it is: `text` reads it. */
  readonly raw?: boolean
  /** What a request without a body asks for; otherwise that is refused. */
  readonly empty?: object
  /** Up to 32 MiB; otherwise 1 MiB. */
  readonly large?: boolean
}

/** One route: what checks its input is also what the document shows. */
export interface Route<Q = unknown, B = unknown, A = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** With at most one part in braces, named `id`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly query?: z.ZodType<Q>
  readonly body?: RouteBody<B>
  readonly answer: { readonly status: number; readonly schema?: z.ZodType<A>; readonly type?: string }
  /** Gives back what the schema of the answer describes, or a whole answer. */
  handle(input: RouteInput<Q, B>): A | Response | Promise<A | Response>
}

export function route<Q = undefined, B = undefined, A = unknown>(definition: Route<Q, B, A>): Route {
  return definition
}

/** Adds the routes to the app, and for each path a 405 with the methods that it has. */
export function mountRoutes(app: Hono<ServerEnvironment>, routes: readonly Route[]): void {
  const paths = new Map<string, Route[]>()
  for (const one of routes) paths.set(one.path, [...(paths.get(one.path) ?? []), one])
  // Fixed paths first: `/api/download/add` is no id.
  const ordered = [...paths].toSorted(([a], [b]) => Number(a.includes('{')) - Number(b.includes('{')))
  for (const [path, ofPath] of ordered) {
    const pattern = path.replace('{id}', ':id')
    for (const one of ofPath) app.on(one.method.toUpperCase(), pattern, (context) => answerOf(one, context))
    app.all(pattern, (context) => methodNotAllowed(context, ofPath))
  }
}

const seeDocs = 'See /api/docs for the fields of this route.'

async function answerOf(definition: Route, context: ServerContext): Promise<Response> {
  const { query, body, answer } = definition
  const result = await definition.handle({
    id: context.req.param('id') ?? '',
    query: query === undefined ? undefined : checked(query, queryOf(context), seeDocs),
    body: body === undefined ? undefined : checked(body.schema, await bodyOf(body, context), seeDocs),
    context,
  })
  if (result instanceof Response) return result
  return new Response(JSON.stringify(result), {
    status: answer.status,
    headers: { 'Content-Type': 'application/json' },
  })
}

/**
 * Each name once; a name that comes several times has a list. A name alone (`deleteFile`) says yes. Where something is only
 * asked for, an empty value (`status=`) is none, as forms send it; elsewhere it stands for itself, as it may be a mistake.
 */
function queryOf(context: ServerContext): unknown {
  const isReading = context.req.method === 'GET' || context.req.method === 'HEAD'
  const result = new Map<string, string | string[]>()
  for (const part of new URL(context.req.url).search.slice(1).split('&')) {
    for (const [name, value] of new URLSearchParams(part.includes('=') ? part : `${part}=true`)) {
      if (name === '' || (value === '' && isReading)) continue
      const before = result.get(name)
      result.set(name, before === undefined ? value : [before, value].flat())
    }
  }
  return Object.fromEntries(result)
}

async function bodyOf(body: RouteBody<unknown>, context: ServerContext): Promise<unknown> {
  const limit = body.large === true ? largeBody : smallBody
  const type = mediaType(context)
  const { empty, form, text } = body
  if (empty !== undefined && type === '' && (await readText(context, limit)) === '') return empty
  if (/^application\/(?:[\w.-]+\+)?json$/.test(type)) {
    return body.raw === true && text !== undefined
      ? readText(context, limit).then(text)
      : readJson(context, limit, empty)
  }
  if (form !== undefined && /^(?:multipart\/form-data|application\/x-www-form-urlencoded)$/.test(type))
    return readForm(context, limit).then(form)
  if (text !== undefined && type === 'text/plain') return readText(context, limit).then(text)
  const others = [...(form === undefined ? [] : ['a form']), ...(text === undefined ? [] : ['text/plain'])]
  throw new SluiceError('usage', `The body has the wrong Content-Type${type === '' ? ': none' : ''}.`, {
    hint: `Send application/json${others.map((one) => ` or ${one}`).join('')}.`,
  })
}

function methodNotAllowed(context: ServerContext, routes: readonly Route[]): Response {
  const methods = routes.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
  const error = new SluiceError('method-not-allowed', `This route takes ${methods.join(', ')}.`)
  return problemResponse(error, { Allow: methods.join(', ') })
}
