import { openApiDocument } from '../openapi.ts'
import type { OpenApiDocument } from '../openapi.ts'
import { docsPage } from '../pages/docs.ts'
import { homePage } from '../pages/home.ts'
import { styleSheet } from '../pages/html.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'

/** The pages, and the document of all the routes, made when somebody first asks for it. */
export function documentRoutes(described: () => readonly Route[], version: string): Route[] {
  let document: OpenApiDocument | undefined
  let json: string | undefined
  let docs: string | undefined
  const made = (): OpenApiDocument => (document ??= openApiDocument(described(), version))
  return [
    textRoute('/', 'text/html; charset=utf-8', 'The page', () => homePage),
    textRoute('/style.css', 'text/css; charset=utf-8', 'Style of the pages', () => styleSheet),
    textRoute('/api/openapi.json', 'application/json', 'The OpenAPI document', () => (json ??= JSON.stringify(made()))),
    textRoute('/api/docs', 'text/html; charset=utf-8', 'This documentation', () => (docs ??= docsPage(made()))),
  ]
}

function textRoute(path: string, type: string, summary: string, content: () => string): Route {
  return route({
    method: 'get',
    path,
    tag: 'Documents',
    summary,
    answer: { status: 200, type: type.replace(/;.*/, '') },
    handle: () => new Response(content(), { headers: { 'Content-Type': type } }),
  })
}
