import { daemonHint } from '../../core/daemon-hints.ts'
import { errorKinds } from '../../core/errors.ts'
import type { JsonSchema, OpenApiDocument, Operation } from '../openapi.ts'
import { errorCode } from '../schemas/download.ts'
import { html, page } from './html.ts'
import type { Html } from './html.ts'

interface Entry {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** The document for reading: one page without scripts. */
export function docsPage(document: OpenApiDocument): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ method: method.toUpperCase(), path, operation })),
  )
  const tags = Map.groupBy(entries, ({ operation }) => operation.tags[0] ?? '')
  return page(
    'Sluice API',
    html`<h1>Sluice API</h1>
      <p>
        Sizes are bytes, speeds bytes per second, times ISO 8601 UTC. Where the daemon has a token, send
        <code>Authorization: Bearer TOKEN</code>. The same for programs: <a href="/api/openapi.json">OpenAPI 3.1</a>.
      </p>
      <nav aria-label="Contents">
        <ul>
          ${[...tags.keys(), 'Schemas', 'Errors'].map((tag) => html`<li><a href="#${anchor(tag)}">${tag}</a></li>`)}
        </ul>
      </nav>
      ${[...tags].map(
        ([tag, ofTag]) =>
          html`<h2 id="${anchor(tag)}">${tag}</h2>
            ${ofTag.map(entryOf)}`,
      )}
      <h2 id="schemas">Schemas</h2>
      ${Object.entries(document.components.schemas).map(schemaOf)} ${errors()}`,
  )
}

function entryOf({ method, path, operation }: Entry): Html {
  const { requestBody, responses } = operation
  const parameters = (operation.parameters ?? []).filter((one) => one.in === 'query')
  return html`<h3 id="${operation.operationId}"><code>${method} ${path}</code></h3>
    <p>${operation.summary}. ${operation.description ?? ''}</p>
    ${
      parameters.length === 0
        ? ''
        : table(
            ['Parameter', 'Type', 'Meaning'],
            parameters.map(({ name, schema, description = '' }) => [
              name,
              typeText(schema),
              withDefault(description, schema),
            ]),
          )
    }
    ${requestBody === undefined ? '' : html`<p>Body: ${contentText(requestBody.content)}</p>`}
    ${requestBody === undefined ? '' : inlineFields(Object.values(requestBody.content)[0]?.schema)}
    ${Object.entries(responses)
      .filter(([status]) => status !== 'default')
      .map(
        ([status, { content = {} }]) =>
          html`<p>Answer ${status}: ${contentText(content)}</p>
            ${inlineFields(Object.values(content)[0]?.schema)}`,
      )} `
}

function schemaOf([name, schema]: readonly [string, JsonSchema]): Html {
  const description = schema['description']
  return html`<h3 id="schema-${name}"><code>${name}</code></h3>
    ${typeof description === 'string' ? html`<p>${description}</p>` : ''} ${inlineFields(schema)}`
}

function inlineFields(schema: JsonSchema | undefined): Html | '' {
  const properties = schema?.['properties'] as Readonly<Record<string, JsonSchema>> | undefined
  if (properties === undefined) return ''
  const required = new Set((schema?.['required'] as readonly string[] | undefined) ?? [])
  const rows = Object.entries(properties).map(([name, field]) => {
    const words = [field['title'], field['description']].filter((one) => typeof one === 'string').join('. ')
    return [required.has(name) ? name : `${name}?`, typeText(field), withDefault(words, field)] as const
  })
  return table(['Field', 'Type', 'Meaning'], rows)
}

function errors(): Html {
  return html`<h2 id="errors">Errors</h2>
    <p>Every refusal is a problem of RFC 9457 (<code>application/problem+json</code>) with one of these codes.</p>
    <table>
      <thead>
        <tr>
          <th scope="col">Code</th>
          <th scope="col">Status</th>
          <th scope="col">What to do</th>
        </tr>
      </thead>
      <tbody>
        ${errorCode.options.map(
          (code) =>
            html`<tr id="error-${code}">
              <td><code>${code}</code></td>
              <td>${errorKinds[code].http}</td>
              <td>${daemonHint({ code, hint: errorKinds[code].hint })}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

function table(heads: readonly string[], rows: ReadonlyArray<readonly [string, string | Html, string]>): Html {
  return html`<table>
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, type, words]) =>
          html`<tr>
            <td><code>${name}</code></td>
            <td>${type}</td>
            <td>${words}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function contentText(content: Readonly<Record<string, { readonly schema: JsonSchema }>>): Html {
  const kinds = Object.entries(content).map(([type, { schema }], i) => {
    const text = typeText(schema)
    return html`${i === 0 ? '' : ', or '}<code>${type}</code> ${text === '' ? '' : html`(${text})`}`
  })
  return html`${kinds}`
}

/** A type in a few words; named schemas are links. */
function typeText(schema: JsonSchema): string | Html {
  const reference = schema['$ref']
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? ''
    return html`<a href="#schema-${name}">${name}</a>`
  }
  const values = schema['enum']
  if (Array.isArray(values)) return values.map(String).join(' | ')
  const choices = (schema['anyOf'] ?? schema['oneOf']) as readonly JsonSchema[] | undefined
  if (choices !== undefined) return html`${choices.map((one, i) => html`${i === 0 ? '' : ' | '}${typeText(one)}`)}`
  if (schema['type'] === 'array') return html`list of ${typeText((schema['items'] as JsonSchema | undefined) ?? {})}`
  const { type, minimum, maximum } = schema
  const range = typeof minimum === 'number' && typeof maximum === 'number' ? ` ${minimum}-${maximum}` : ''
  return typeof type === 'string' ? `${type}${range}` : ''
}

function withDefault(words: string, schema: JsonSchema): string {
  const usual = schema['default']
  const isShown = ['string', 'number', 'boolean'].includes(typeof usual) && usual !== ''
  return isShown ? `${words === '' ? '' : `${words}. `}Default: ${String(usual)}` : words
}

function anchor(text: string): string {
  return text.toLowerCase().replace(/[^a-z]+/g, '-')
}
