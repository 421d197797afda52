import assert from 'node:assert/strict'
import { createApp } from '../../src/server/app.ts'
import type { App, AppOptions } from '../../src/server/app.ts'
import { fakeManager, keptLog } from './fake-manager.ts'
import type { FakeManager } from './fake-manager.ts'

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Texts, bytes and forms are sent as they are, anything else as JSON. */
  readonly body?: unknown
}

export interface AskedApp {
  readonly app: App
  readonly manager: FakeManager
  readonly log: ReturnType<typeof keptLog>
  ask(method: string, path: string, options?: AskOptions): Promise<Response>
}

/** The app over a fake manager, asked without a socket, as if it listened on 127.0.0.1:8080. */
export function askedApp(manager: FakeManager = fakeManager(), options: Partial<AppOptions> = {}): AskedApp {
  const log = keptLog()
  const hosts = { bound: '127.0.0.1', port: 8080, allow: [] }
  const app = createApp(manager, { hosts, version: '1.2.3', log, ...options })
  return {
    app,
    manager,
    log,
    async ask(method, path, { headers = {}, body } = {}) {
      const whole = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData
      const json = body !== undefined && !whole && !(body instanceof URLSearchParams)
      const init = {
        method,
        headers: { Host: '127.0.0.1:8080', ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers },
        ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : (body as string | FormData) }),
      }
      return app.hono.request(`http://127.0.0.1:8080${path}`, init, {})
    },
  }
}

/** The problem of a refusal, once its shape is checked. */
export async function problemOf(
  response: Response,
): Promise<{ status: number; code: string; detail: string; hint: string }> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  const problem = (await response.json()) as {
    status: number
    code: string
    detail: string
    hint: string
    type: string
    title: string
  }
  assert.equal(problem.status, response.status)
  for (const name of ['type', 'title', 'detail', 'code', 'hint'] as const)
    assert.equal(typeof problem[name], 'string', name)
  return problem
}
