import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileCache } from '../faults/sandbox.ts'
import { sluiceCommand } from '../faults/tools.ts'
import type { FixtureModel } from './model-fixture.ts'
import { basicUser } from './registry.ts'

/** Folders of one test of pulling. */
export interface PullPlace extends Disposable {
  readonly root: string
  /** The models folder; not made yet. */
  readonly store: string
  /** Lets the client know `basicUser` for these registries (host:port), as `docker login` would. */
  login(...hosts: readonly string[]): void
}

/** How a run of `sluice pull` ended. */
export interface PullEnd {
  /** Null when a signal ended it. */
  readonly exit: number | null
  /** Code of the error that it told; undefined without one. */
  readonly code: string | undefined
  /** Everything that it wrote. */
  readonly said: string
  readonly seconds: number
}

export interface PullRun {
  readonly child: ChildProcess
  kill(): void
  readonly ended: Promise<PullEnd>
}

export function pullPlace(): PullPlace {
  const root = mkdtempSync(join(tmpdir(), 'sluice-pull-'))
  mkdirSync(join(root, 'docker'))
  return {
    root,
    store: join(root, 'store'),
    login(...hosts) {
      const auth = btoa(`${basicUser.name}:${basicUser.password}`)
      const auths = Object.fromEntries(hosts.map((host) => [host, { auth }]))
      writeFileSync(join(root, 'docker/config.json'), JSON.stringify({ auths }))
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** The name by which the client asks for a model of a fixture. */
export function nameOf({ repository, tag }: FixtureModel): string {
  return `${repository.replace(/^library\//, '')}:${tag ?? 'latest'}`
}

/**
 * `sluice pull --json` into the store of the place, without a launcher in between, so that a signal meets the process
 * that writes.
 */
export function startPull(place: PullPlace, registry: string, model: string, ...flags: readonly string[]): PullRun {
  const [file = '', ...first] = sluiceCommand()
  const args = ['pull', '--json', '--registry', registry, '--models-dir', place.store, ...flags, model]
  const begun = performance.now()
  const child = spawn(file, [...first, ...args], {
    cwd: place.root,
    env: {
      PATH: process.env['PATH'],
      HOME: place.root,
      DOCKER_CONFIG: join(place.root, 'docker'),
      SLUICE_DATA_DIR: join(place.root, 'data'),
      LANG: 'C.UTF-8',
      NODE_COMPILE_CACHE: compileCache,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const limit = setTimeout(() => child.kill('SIGKILL'), 180_000)
  return {
    child,
    kill: () => void child.kill('SIGKILL'),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exit) => {
        clearTimeout(limit)
        resolve({ exit, code: errorCode(said), said, seconds: (performance.now() - begun) / 1000 })
      })
    }),
  }
}

/** As startPull, to the end. */
export async function pull(
  place: PullPlace,
  registry: string,
  model: string,
  ...flags: readonly string[]
): Promise<PullEnd> {
  return startPull(place, registry, model, ...flags).ended
}

function errorCode(said: string): string | undefined {
  const [, code] = /^\{"type":"error".*"code":"([a-z-]+)"/m.exec(said) ?? []
  return code
}
