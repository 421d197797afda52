import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openPuller } from '../../src/models/open-puller.ts'
import type { Puller, PullEvent, PullRequest } from '../../src/models/types.ts'
import { createEngine } from '../../src/transfer/engine.ts'
import type { EngineOptions } from '../../src/transfer/types.ts'
import type { FaultyRegistry } from './registry-faults.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface PullerLab {
  readonly puller: Puller
  /** The folder of the test; the store is in it. */
  readonly root: string
  readonly store: string
  /** A request for a model of the registry, into the store unless it says otherwise. */
  request(model: string, changes?: Partial<PullRequest>): PullRequest
  readonly events: PullEvent[]
}

/** A puller with a real engine and a folder of its own. */
export async function pullerLab(t: TestContext, registry: FaultyRegistry): Promise<PullerLab> {
  const root = temporaryFolder(t)
  const store = join(root, 'store')
  const connection: EngineOptions = {
    headers: [],
    retries: 1,
    ifExists: 'rename',
    insecure: false,
    family: 0,
    allowPrivate: false,
    allowHtml: false,
    ifChanged: 'fail',
    dataDir: join(root, 'data'),
    sync: true,
  }
  const engine = await createEngine(connection)
  const puller = await openPuller({ engine: async () => engine, connection, env: {} })
  t.after(async () => {
    await puller.close()
    await engine.close()
  })
  return {
    puller,
    root,
    store,
    request: (model, changes = {}) => ({
      model,
      registry: registry.url,
      modelsDir: store,
      filesDir: join(root, 'files'),
      ...changes,
    }),
    events: [],
  }
}
