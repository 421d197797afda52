import { dirname } from 'node:path'
import { makeFolder } from './make-folder.ts'

const { readFileSync, renameSync, writeFileSync } = process.getBuiltinModule('node:fs')

/** What a host taught us. Times in ms since 1970. */
interface HostFacts {
  /** Connections that worked without complaint. */
  good?: number
  /** More than this were refused. */
  cap?: number
  learnedAt: number
}

/** What is known of hosts, shared by all transfers and kept between runs; keys are `host:port`. */
export interface HostMemory {
  /** Connections to start with, undefined for an unknown host. */
  start(host: string): number | undefined
  cap(host: string): number | undefined
  learnGood(host: string, connections: number): void
  learnCap(host: string, connections: number): void
  /** No request goes to the host before that time (Retry-After). */
  holdUntil(host: string, time: number): void
  heldUntil(host: string): number
  /** Writes what was learned; a failure is given back, nothing else depends on it. */
  save(): Error | null
}

const forgetAfter = 24 * 3600 * 1000
const mostHosts = 1000

export function openHostMemory(path: string, now: () => number): HostMemory {
  let hosts: Map<string, HostFacts> | undefined
  const held = new Map<string, number>()
  let dirty = false

  function facts(host: string): HostFacts | undefined {
    hosts ??= load(path, now())
    return hosts.get(host)
  }

  function learn(host: string, what: Partial<HostFacts>): void {
    const known = facts(host)
    hosts?.set(host, { ...known, ...what, learnedAt: now() })
    dirty = true
  }

  return {
    start: (host) => facts(host)?.good,
    cap: (host) => facts(host)?.cap,
    learnGood(host, connections) {
      const known = facts(host)
      const more = known?.cap !== undefined && connections > known.cap
      if (known?.good !== connections) learn(host, { good: connections, ...(more ? { cap: connections } : {}) })
    },
    learnCap(host, connections) {
      learn(host, { cap: connections, good: connections })
    },
    holdUntil(host, time) {
      held.set(host, Math.max(time, held.get(host) ?? 0))
    },
    heldUntil: (host) => held.get(host) ?? 0,
    save() {
      if (!dirty || !hosts) return null
      try {
        makeFolder(dirname(path), 0o700)
        const latest = [...hosts].sort(([, a], [, b]) => b.learnedAt - a.learnedAt).slice(0, mostHosts)
        writeFileSync(`${path}.${process.pid}`, JSON.stringify({ version: 1, hosts: Object.fromEntries(latest) }), {
          mode: 0o600,
        })
        renameSync(`${path}.${process.pid}`, path)
        dirty = false
        return null
      } catch (error) {
        return error as Error
      }
    },
  }
}

/** A file that is missing or damaged is a memory that is empty: it only makes the start slower. */
function load(path: string, now: number): Map<string, HostFacts> {
  const hosts = new Map<string, HostFacts>()
  try {
    const data = JSON.parse(readFileSync(path, 'utf8')) as { hosts?: Record<string, Record<string, unknown>> }
    for (const [host, facts] of Object.entries(data.hosts ?? {})) {
      const learnedAt = Number(facts['learnedAt'])
      if (!(now - learnedAt < forgetAfter)) continue
      hosts.set(host, { learnedAt, ...countOf('good', facts), ...countOf('cap', facts) })
    }
  } catch {
    hosts.clear()
  }
  return hosts
}

function countOf(key: 'good' | 'cap', facts: Record<string, unknown>): Partial<HostFacts> {
  const value = facts[key]
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 32 ? { [key]: value as number } : {}
}
