import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'node:test'
import { openGithub } from '../../src/sources/github/open-github.ts'
import type { GithubOptions } from '../../src/sources/github/open-github.ts'
import type { GithubReleases } from '../../src/sources/github/types.ts'
import { createApiClient } from '../../src/wire/api-request.ts'
import type { ApiClientOptions } from '../../src/wire/api-request.ts'
import { startFakeGithub } from './fake-github.ts'
import type { FakeGithub } from './fake-github.ts'

/** Scripted GitHubs of one test file and what asks them; all are closed after each test. */
export interface GithubLab {
  start(): Promise<FakeGithub>
  /** Waits for nothing between attempts; its warnings and its waits, in milliseconds, are told. */
  open(fake: Pick<FakeGithub, 'env'>, options?: Partial<GithubOptions>, client?: ApiClientOptions): OpenedGithub
  /** A new folder, removed after the test. */
  folder(): string
}

export interface OpenedGithub {
  readonly github: GithubReleases
  readonly warnings: string[]
  readonly waits: number[]
}

export function githubLab(): GithubLab {
  const opened: Array<() => unknown> = []
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close()
  })
  return {
    async start() {
      const fake = await startFakeGithub()
      opened.push(() => fake.close())
      return fake
    },
    open(fake, { env = {}, ...options } = {}, client = {}) {
      const api = createApiClient(client)
      opened.push(() => api.close())
      const warnings: string[] = []
      const waits: number[] = []
      const github = openGithub({
        api,
        cacheDir: null,
        onWarning: (sentence) => void warnings.push(sentence),
        sleep: (ms) => Promise.resolve(waits.push(ms)),
        ...options,
        env: { ...fake.env, ...env },
      })
      return { github, warnings, waits }
    },
    folder() {
      const made = mkdtempSync(join(tmpdir(), 'sluice-github-'))
      opened.push(() => rmSync(made, { recursive: true, force: true }))
      return made
    },
  }
}
