import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'node:test'
import { SluiceError } from '../../src/core/errors.ts'
import type { ErrorCode } from '../../src/core/errors.ts'
import type { ModelName } from '../../src/core/model-name.ts'
import { openRegistrySource } from '../../src/sources/oci/open-registry-source.ts'
import type { RegistrySourceOptions } from '../../src/sources/oci/open-registry-source.ts'
import type { ModelSource } from '../../src/sources/types.ts'
import { createApiClient } from '../../src/wire/api-request.ts'
import type { ApiClientOptions } from '../../src/wire/api-request.ts'
import { startScripted } from './scripted-registry.ts'
import type { Heard, Reply, ScriptedServer } from './scripted-registry.ts'

type ServerOptions = Parameters<typeof startScripted>[1]

/** Servers and sources of one test file; all are closed after each test. */
export interface SourceLab {
  serve(reply: (heard: Heard) => Reply | Promise<Reply>, options?: ServerOptions): Promise<ScriptedServer>
  /** A source that waits for nothing between attempts, with an empty home folder. */
  source(options?: Partial<RegistrySourceOptions>, client?: ApiClientOptions): ModelSource
  /** A new folder, removed after the test. */
  folder(): string
}

export function sourceLab(): SourceLab {
  const opened: Array<() => unknown> = []
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close()
  })

  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'sluice-source-'))
    opened.push(() => rmSync(made, { recursive: true, force: true }))
    return made
  }

  return {
    folder,
    async serve(reply, options) {
      const server = await startScripted(reply, options)
      opened.push(() => server.close())
      return server
    },
    source({ env = {}, ...options } = {}, client = {}) {
      const api = createApiClient(client)
      opened.push(() => api.close())
      const home = env['HOME'] ?? folder()
      const sleep = (): Promise<void> => Promise.resolve()
      return openRegistrySource({ api, sleep, ...options, env: { ...env, HOME: home } })
    },
  }
}

/** `library/m:latest` at a server, or as `change` says. */
export function modelAt(server: ScriptedServer, change: Partial<ModelName> = {}): ModelName {
  const scheme = server.origin.startsWith('https') ? 'https' : 'http'
  return { kind: 'ollama', scheme, host: server.host, repository: 'library/m', tag: 'latest', digest: null, ...change }
}

/** The promise must fail with that code and words; gives the error for more. */
export async function fails(asked: Promise<unknown>, code: ErrorCode, words = /./): Promise<SluiceError> {
  const error: unknown = await asked.then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof SluiceError, String(error))
  assert.equal(error.code, code, error.message)
  assert.match(error.message, words)
  return error
}
