import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entityOf } from './answer.ts'
import type { Entity } from './answer.ts'
import { makeCertificate } from './certificate.ts'
import { makeContent } from './content.ts'
import type { Content } from './content.ts'
import type { Ask, Expectation, Plan } from './fault.ts'
import type { Sandbox } from './sandbox.ts'
import { startOrigin } from './server.ts'
import type { Origin, OriginOptions, Scenario } from './server.ts'
import type { Tool } from './tools.ts'

export const KiB = 1024
export const MiB = 1_048_576

/** What a fault is built from; origins end with it. */
export interface Lab {
  readonly sandbox: Sandbox
  readonly tool: Tool
  readonly origins: ReadonlyArray<Origin>
  /** The first origin. */
  main(): Origin
  /** Other bytes for another variant, the same in every run of the suite. */
  content(size: number, variant?: number): Content
  origin(entity: Entity, scenario?: Scenario, options?: OriginOptions): Promise<Origin>
  /** An https origin and the path of a file with its certificate. */
  secureOrigin(entity: Entity, scenario?: Scenario): Promise<{ readonly origin: Origin; readonly cacert: string }>
  close(): Promise<void>
}

export function makeLab(sandbox: Sandbox, tool: Tool): Lab {
  const origins: Origin[] = []

  async function origin(entity: Entity, scenario?: Scenario, options?: OriginOptions): Promise<Origin> {
    const started = await startOrigin(entity, scenario, options)
    origins.push(started)
    return started
  }

  return {
    sandbox,
    tool,
    origins,
    main() {
      const [main] = origins
      if (main === undefined) throw new Error('no origin has been started')
      return main
    },
    content: (size, variant = 0) => makeContent(4711 + variant, size),
    origin,
    async secureOrigin(entity, scenario) {
      const certificate = await makeCertificate()
      const cacert = join(sandbox.home, 'authority.pem')
      writeFileSync(cacert, certificate.cert)
      return { origin: await origin(entity, scenario, { tls: certificate }), cacert }
    },
    async close() {
      await Promise.all(origins.map((one) => one.close()))
    },
  }
}

/** What differs from the simplest fault: one origin, one file of 256 KiB at `/file.bin`, one run. */
export interface Simple extends Expectation {
  readonly exit: ReadonlyArray<number>
  /** Bytes. */
  readonly size?: number
  readonly path?: string
  readonly entity?: Partial<Entity>
  readonly ask?: Partial<Ask>
}

/** A plan of one run against one origin. */
export async function simple(lab: Lab, scenario: Scenario, options: Simple): Promise<Plan> {
  const { exit, size = 256 * KiB, path = '/file.bin', entity, ask, ...expect } = options
  const origin = await lab.origin(entityOf(lab.content(size), entity), scenario)
  return { runs: [{ exit, ask: { url: origin.base + path, ...ask } }], expect }
}
