import type { MiddlewareHandler } from 'hono'
import { SluiceError } from '../../core/errors.ts'
import type { ServerEnvironment } from '../http/environment.ts'
import { problemResponse } from '../http/problem.ts'
import type { Encoding, PageFile, PageFiles } from './page-files.ts'

/** Answers for the files of the page and leaves all else to the routes. Hono takes the body off for HEAD. */
export function servePage(files: PageFiles): MiddlewareHandler<ServerEnvironment> {
  return async (context, next) => {
    const { path, method } = context.req
    const file = files.get(path)
    if (file === undefined) return next()
    if (method === 'GET' || method === 'HEAD')
      return answer(file, context.req.header('Accept-Encoding'), context.req.header('If-None-Match'))
    const error = new SluiceError('method-not-allowed', 'This is a page: it takes GET and HEAD.')
    return problemResponse(error, { Allow: 'GET, HEAD' })
  }
}

function answer(file: PageFile, acceptEncoding = '', ifNoneMatch = ''): Response {
  const encoding = (['br', 'gzip'] as const).find((one) => file.compressed.has(one) && accepts(acceptEncoding, one))
  const tag = `"${file.tag}${encoding === undefined ? '' : `-${encoding}`}"`
  const headers = {
    'Cache-Control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: tag,
    ...(file.compressed.size === 0 ? {} : { Vary: 'Accept-Encoding' }),
  }
  if (isKnown(ifNoneMatch, tag)) return new Response(null, { status: 304, headers })
  const body = (encoding === undefined ? undefined : file.compressed.get(encoding)) ?? file.plain()
  return new Response(body, {
    headers: {
      ...headers,
      'Content-Type': file.type,
      'Content-Length': String(body.length),
      ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
    },
  })
}

/** RFC 9110, 12.5.3: listed by name or by `*`, and not with `q=0`. */
function accepts(field: string, encoding: Encoding): boolean {
  const choices = field.split(',').map((part) =>
    part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  )
  const choice = choices.find(([name]) => name === encoding) ?? choices.find(([name]) => name === '*')
  return choice !== undefined && !choice.slice(1).some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
}

function isKnown(ifNoneMatch: string, tag: string): boolean {
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag)
}
