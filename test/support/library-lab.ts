import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { SluiceError } from '../../src/core/errors.ts'
import type { HardwareFacts } from '../../src/core/hardware.ts'
import { downloadPlatforms } from '../../src/libraries/download-platforms.ts'
import type { DownloadEvent, DownloadRequest, LibraryWorld } from '../../src/libraries/download-types.ts'
import { openLibraries } from '../../src/libraries/open-libraries.ts'
import type { PlatformResult } from '../../src/libraries/types.ts'
import { openGithub } from '../../src/sources/github/open-github.ts'
import { createEngine } from '../../src/transfer/engine.ts'
import type { EngineOptions } from '../../src/transfer/types.ts'
import { createApiClient } from '../../src/wire/api-request.ts'
import { startFakeGithub } from './fake-github.ts'
import type { FakeGithub } from './fake-github.ts'
import { machine } from './hardware-facts.ts'
import { linuxFiles, tarOf, zipOf } from './llama-archives.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const llama = 'ggml-org/llama.cpp'

export interface LibraryLab {
  readonly github: FakeGithub
  readonly world: LibraryWorld
  readonly cacheDir: string
  readonly events: DownloadEvent[]
  readonly warnings: string[]
  /** What the machine has, and which variants cannot be loaded on it, each with the reason. */
  hardware: HardwareFacts
  readonly broken: Map<string, string>
  download(request?: Partial<DownloadRequest>): Promise<readonly PlatformResult[]>
  /** Names of the assets that were sent since this was last asked. */
  sent(): string[]
}

/** Libraries as on a machine with Linux on x64, from a scripted GitHub. */
export async function libraryLab(t: TestContext): Promise<LibraryLab> {
  const root = temporaryFolder(t)
  const github = await startFakeGithub()
  const connection: EngineOptions = {
    headers: [],
    retries: 0,
    ifExists: 'overwrite',
    ifChanged: 'restart',
    insecure: false,
    family: 0,
    allowPrivate: false,
    allowHtml: false,
    dataDir: join(root, 'data'),
    sync: false,
  }
  const engine = await createEngine(connection)
  const cacheDir = join(root, 'llama')
  const warnings: string[] = []
  const onWarning = (message: string): void => void warnings.push(message)
  const opened = openLibraries({ engine: async () => engine, connection, env: github.env, cacheDir, onWarning })
  const api = createApiClient()
  const asked = openGithub({ api, env: github.env, cacheDir, onWarning, retries: 0 })
  t.after(async () => {
    opened.close()
    api.close()
    await engine.close()
    await github.close()
  })
  let heard = 0
  const lab: LibraryLab = {
    github,
    cacheDir,
    warnings,
    events: [],
    hardware: machine(),
    broken: new Map(),
    world: {
      ...opened,
      github: asked,
      hastyGithub: () => asked,
      hardware: async () => lab.hardware,
      probe: async ({ libraryPath, tag }) => {
        const [variant, why] = [...lab.broken].find(([name]) => libraryPath.includes(`-${name}-`)) ?? []
        if (variant !== undefined) throw new SluiceError('not-loadable', why ?? '')
        const devices = [{ name: 'GPU0', description: 'A GPU', kind: libraryPath.includes('-cpu-') ? 'cpu' : 'gpu' }]
        return { tag, libraryPath, llamaVersion: null, ggmlVersion: null, devices, systemInfo: '', supportsGpu: true }
      },
    },
    download(request = {}) {
      const all = { version: 'latest', platforms: ['linux/amd64'], ...request }
      return downloadPlatforms(lab.world, all, {
        onEvent(event) {
          lab.events.push(event)
          if (event.type === 'warning') warnings.push(event.message)
        },
      })
    },
    sent() {
      const all = github.sent().filter((name) => name !== 'nightly-tag.txt')
      const news = all.slice(heard)
      heard = all.length
      return [...new Set(news)].sort()
    },
  }
  return lab
}

/** Files of a release for the six platforms, with builds for CUDA and Vulkan on Linux, and decoys. */
export function releaseFiles(tag: string): Record<string, Buffer> {
  const mac = { 'libllama.dylib': '-> libllama.0.dylib', 'libllama.0.dylib': 'llama mac', LICENSE: 'MIT' }
  const unix = (name: string): Buffer => tarOf(tag, linuxFiles(name))
  return {
    [`llama-${tag}-bin-ubuntu-x64.tar.gz`]: unix('x64'),
    [`llama-${tag}-bin-ubuntu-arm64.tar.gz`]: unix('arm64'),
    [`llama-${tag}-bin-ubuntu-vulkan-x64.tar.gz`]: unix('vulkan'),
    [`llama-${tag}-bin-ubuntu-cuda-13.4-x64.tar.gz`]: tarOf(tag, { ...linuxFiles('cuda'), 'libggml-cuda.so': 'cuda' }),
    [`cudart-llama-${tag}-bin-ubuntu-cuda-13.4-x64.tar.gz`]: tarOf(tag, {
      'libcudart.so.13': 'runtime',
      'libcudart.so': '-> libcudart.so.13',
      'EULA.txt': 'licence',
    }),
    [`llama-${tag}-bin-macos-arm64.tar.gz`]: tarOf(tag, mac),
    [`llama-${tag}-bin-macos-x64.tar.gz`]: tarOf(tag, { ...mac, README: 'x64' }),
    [`llama-${tag}-bin-win-cpu-x64.zip`]: zipOf({ 'llama.dll': 'llama', 'ggml.dll': 'ggml' }),
    [`llama-${tag}-bin-win-cpu-arm64.zip`]: zipOf({ 'llama.dll': 'llama arm', 'ggml.dll': 'ggml arm' }),
    [`llama-${tag}-xcframework.zip`]: zipOf({ decoy: 'decoy' }),
    [`llama-${tag}-ui.tar.gz`]: tarOf(tag, { decoy: 'decoy' }),
  }
}

/** `v0.6.0`, which points to b11429, and that one, complete. */
export function publishLatest(github: FakeGithub): Record<string, Buffer> {
  const files = releaseFiles('b11429')
  github.publish(llama, { tag: 'b11429', assets: files })
  github.publish(llama, { tag: 'v0.6.0', assets: { 'nightly-tag.txt': 'b11429\n' } })
  return files
}
