import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askedApp } from '../../../test/support/ask-app.ts'
import { errorKinds } from '../../core/errors.ts'
import type { JsonSchema, OpenApiDocument } from '../openapi.ts'

const document = async (): Promise<OpenApiDocument> =>
  (await (await askedApp().ask('GET', '/api/openapi.json')).json()) as OpenApiDocument

/** All that stands under `$ref` in it. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => (key === '$ref' ? [String(one)] : references(one)))
}

describe('the OpenAPI document', () => {
  it('describes every route with a summary, an answer and the problem of a refusal', async () => {
    const { openapi, paths } = await document()
    assert.match(openapi, /^3\.1\./)
    for (const { path, method } of askedApp().app.routes) {
      const operation = paths[path]?.[method]
      assert.ok(operation, `${method} ${path}`)
      assert.ok(operation.summary.length > 3)
      assert.ok('default' in operation.responses && Object.keys(operation.responses).length === 2)
      assert.equal(operation.parameters?.some(({ name }) => name === 'id') ?? false, path.includes('{id}'))
    }
  })

  it('has all routes of the contract that belong to the manager', async () => {
    const { paths } = await document()
    for (const path of [
      '/api/download/add',
      '/api/downloads/batch',
      '/api/downloads',
      '/api/download/{id}',
      '/api/preview',
      '/api/models/pull',
      '/api/models',
      '/api/models/{id}',
      '/api/models/unzip',
      '/api/statistics',
      '/api/history',
      '/api/history/export',
      '/api/settings',
      '/api/events',
      '/api/health',
      '/api/metrics',
    ])
      assert.ok(path in paths, path)
  })

  it('gives each operation a name of its own', async () => {
    const { paths } = await document()
    const names = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    assert.equal(new Set(names).size, names.length, names.toSorted().join(' '))
  })

  it('refers to nothing that is not in it', async () => {
    const whole = await document()
    const found = references(whole)
    assert.ok(found.length > 20)
    for (const reference of new Set(found))
      assert.ok(whole.components.schemas[reference.replace('#/components/schemas/', '')], reference)
  })

  it('shows the fields, ranges and defaults that are checked', async () => {
    const { paths, components } = await document()
    const limit = paths['/api/downloads']?.['get']?.parameters?.find(({ name }) => name === 'limit')
    assert.deepEqual(limit, {
      name: 'limit',
      in: 'query',
      required: false,
      schema: { default: 1000, type: 'integer', minimum: 1, maximum: 10000 },
    })
    const fields = components.schemas['AddRequest']?.['properties'] as Record<string, JsonSchema>
    assert.deepEqual(fields['priority'], { type: 'integer', minimum: 1, maximum: 10 })
    assert.equal(components.schemas['AddRequest']?.['additionalProperties'], false)
    const settings = components.schemas['Settings']?.['properties'] as Record<string, JsonSchema>
    assert.equal(settings['maxConcurrent']?.['maximum'], 32)
    const types = Object.keys(paths['/api/download/add']?.['post']?.requestBody?.content ?? {})
    assert.deepEqual(types, ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'])
  })
})

describe('the page of the docs', () => {
  it('shows every route, schema and error, with nothing from elsewhere and no scripts', async () => {
    const response = await askedApp().ask('GET', '/api/docs')
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    const text = await response.text()
    const { paths, components } = await document()
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods))
        assert.ok(text.includes(`<code>${method.toUpperCase()} ${path}</code>`), path)
    for (const name of Object.keys(components.schemas)) assert.ok(text.includes(`id="schema-${name}"`), name)
    for (const code of Object.keys(errorKinds)) assert.ok(text.includes(`id="error-${code}"`), code)
    assert.doesNotMatch(text, /<script|style=|\bon\w+=|(?:src|href)="(?:https?:)?\/\//)
    assert.doesNotMatch(text, /undefined|\[object/)
  })

  it('links only to places that it has', async () => {
    const text = await (await askedApp().ask('GET', '/api/docs')).text()
    for (const [, target = ''] of text.matchAll(/href="#([^"]+)"/g)) assert.ok(text.includes(`id="${target}"`), target)
  })
})

describe('the page at /', () => {
  it('says that the daemon runs and leads to the docs', async () => {
    const response = await askedApp().ask('GET', '/')
    const text = await response.text()
    assert.match(text, /<html lang="en">[^]*<title>Sluice<\/title>[^]*<h1>Sluice<\/h1>/)
    assert.match(text, /href="\/api\/docs"/)
    assert.equal((await askedApp().ask('GET', '/style.css')).headers.get('content-type'), 'text/css; charset=utf-8')
  })
})
