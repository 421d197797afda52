import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DownloadStatus } from '../../src/core/download-states.ts'
import { openManager } from '../../src/manager/open-manager.ts'
import type { ManagerParts } from '../../src/manager/open-manager.ts'
import type { AddRequest, Download, ListQuery, Manager, ManagerOptions } from '../../src/manager/types.ts'
import { listLog } from './manager-parts.ts'
import { scriptedEngine } from './scripted-engine.ts'
import type { ScriptedEngine } from './scripted-engine.ts'
import { scriptedLibraries } from './scripted-libraries.ts'
import type { ScriptedLibraries } from './scripted-libraries.ts'
import { scriptedPuller } from './scripted-puller.ts'
import type { ScriptedPuller } from './scripted-puller.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A manager with folders of its own and its real database; engine, puller and libraries do what the test says. */
export interface ManagerLab {
  manager: Manager
  readonly engine: ScriptedEngine
  readonly puller: ScriptedPuller
  readonly llama: ScriptedLibraries
  readonly dir: string
  readonly dataDir: string
  /** The store that models go to; not made yet. */
  readonly modelsDir: string
  readonly log: ReturnType<typeof listLog>
  /** The id of a new download; addresses differ unless they are given. */
  add(request?: Partial<AddRequest>): Promise<string>
  /** Added, and running at the engine. */
  running(request?: Partial<AddRequest>): Promise<string>
  /** A model that is added, and running at the puller. */
  pulling(reference: string, request?: Partial<AddRequest>): Promise<string>
  /** Libraries of llama.cpp that are added, and being downloaded. */
  libraries(request?: Partial<AddRequest>): Promise<string>
  of(id: string): Download
  is(id: string, status: DownloadStatus): Promise<void>
  /** Closed, and opened again in the same folders. */
  reopen(): Promise<void>
}

export const everything: ListQuery = { sort: 'queue', descending: false, limit: 100_000, offset: 0 }

export async function openManagerLab(
  t: TestContext,
  parts: ManagerParts = {},
  options: Partial<ManagerOptions> = {},
): Promise<ManagerLab> {
  const folder = temporaryFolder(t)
  const engine = scriptedEngine()
  const puller = scriptedPuller()
  const llama = scriptedLibraries()
  const log = listLog()
  const modelsDir = join(folder, 'models')
  const given: ManagerOptions = {
    dir: join(folder, 'files'),
    dataDir: join(folder, 'data'),
    modelsDir,
    reachable: false,
    version: '1.2.3',
    log,
    ...options,
  }
  const scripted = { engine: engine.open, puller: puller.open, llama: llama.open }
  const open = (): Promise<Manager> => openManager(given, { ...scripted, ...parts })
  let count = 0
  const lab: ManagerLab = {
    manager: await open(),
    engine,
    puller,
    llama,
    modelsDir,
    dir: given.dir,
    dataDir: given.dataDir,
    log,
    async add(request = {}) {
      return (await lab.manager.add({ reference: `https://example.org/${++count}/file.bin`, ...request })).id
    },
    async running(request) {
      const id = await lab.add(request)
      await until(() => engine.jobs.some((job) => job.key === id), `${id} runs`)
      return id
    },
    async pulling(reference, request) {
      const id = await lab.add({ reference, ...request })
      await until(() => puller.jobs.some((job) => job.key === id), `${id} is pulled`)
      return id
    },
    async libraries(request) {
      const id = await lab.add({ reference: 'llama.cpp@b8100', ...request })
      await until(() => llama.jobs.some((job) => job.key === id), `${id} is downloaded`)
      return id
    },
    of(id) {
      const found = lab.manager.list(everything).downloads.find((one) => one.id === id)
      if (found) return found
      throw new Error(`${id} is not listed`)
    },
    async is(id, status) {
      await until(
        () => lab.of(id).status === status,
        () => `${id} is ${lab.of(id).status}, not ${status}`,
      )
    },
    async reopen() {
      await lab.manager.close()
      lab.manager = await open()
    },
  }
  t.after(() => lab.manager.close())
  return lab
}

/** Waits until something holds; what it was said to be is in the error otherwise. */
export async function until(holds: () => boolean, what: string | (() => string), seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${typeof what === 'string' ? what : what()}`)
    await sleep(2)
  }
}
