import { openRegistrySource } from '../sources/oci/open-registry-source.ts'
import { wireOptions } from '../transfer/wire-options.ts'
import type { Engine, EngineOptions } from '../transfer/types.ts'
import { createApiClient } from '../wire/api-request.ts'
import { createPuller } from './create-puller.ts'
import type { Puller } from './types.ts'

export interface OpenPullerOptions {
  /** Asked for at each pull: it may be another one later. */
  readonly engine: () => Promise<Engine>
  /** Requests to registries are made as the engine makes its own. */
  readonly connection: EngineOptions
  /** For proxies, and for the logins of docker and podman. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Somebody waits for a manifest and sees nothing meanwhile, so it gets no more attempts than these after the first. */
const mostRetries = 3

/** A puller for the Ollama registry and every OCI registry. Closing it leaves the engine open. */
export async function openPuller(options: OpenPullerOptions): Promise<Puller & { close(): Promise<void> }> {
  const { engine, connection, env } = options
  const { proxy, userAgent, allowPrivate, publicOnly = false } = connection
  const api = createApiClient({
    ...wireOptions(connection),
    env,
    ...(proxy === undefined ? {} : { proxy }),
    ...(userAgent === undefined ? {} : { userAgent }),
  })
  const retries = Math.min(connection.retries, mostRetries)
  const source = openRegistrySource({ api, env, allowPrivate, publicOnly, retries })
  return {
    ...createPuller({ engine, source }),
    async close() {
      api.close()
    },
  }
}
