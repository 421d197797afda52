import { headerRule } from '../wire/header-rules.ts'
import type { RequestProfile } from '../wire/credentials.ts'
import type { EngineOptions, FileOptions } from './types.ts'

/** What holds for one file: its own options over those of the engine. */
export interface TransferOptions {
  /** Cap of connections, 1-32; undefined lets the engine find out. */
  readonly connections: number | undefined
  /** Bytes per second of this file alone, undefined for no cap of its own. */
  readonly limitRate: number | undefined
  readonly headers: EngineOptions['headers']
  readonly userAgent: string | undefined
  readonly referer: string | undefined
  readonly retries: number
  readonly ifExists: EngineOptions['ifExists']
  readonly ifChanged: EngineOptions['ifChanged']
  readonly allowHtml: boolean
  readonly nameTemplate: string | undefined
}

const mostAllowed = 32

/** A field of the file replaces the engine's of the same name, also where that is the agent's or the referer's. */
export function effectiveOptions(engine: EngineOptions, file: FileOptions = {}): TransferOptions {
  const own = file.headers ?? []
  const replaced = new Set(own.map(([name]) => name.toLowerCase()))
  if (file.userAgent !== undefined) replaced.add('user-agent')
  if (file.referer !== undefined) replaced.add('referer')
  return {
    connections: connectionCap(file.connections ?? engine.connections),
    limitRate: rateCap(file.limitRate),
    headers: [...engine.headers.filter(([name]) => !replaced.has(name.toLowerCase())), ...own],
    userAgent: file.userAgent ?? engine.userAgent,
    referer: file.referer ?? engine.referer,
    retries: Math.max(0, file.retries ?? engine.retries),
    ifExists: file.ifExists ?? engine.ifExists,
    ifChanged: file.ifChanged ?? engine.ifChanged,
    allowHtml: file.allowHtml ?? engine.allowHtml,
    nameTemplate: file.nameTemplate,
  }
}

/** Into 1-32; null and undefined are none. */
export function connectionCap(connections: number | null | undefined): number | undefined {
  if (connections === null || connections === undefined) return undefined
  return Math.max(1, Math.min(mostAllowed, Math.trunc(connections)))
}

/** Null, undefined and 0 are none. */
export function rateCap(bytesPerSecond: number | null | undefined): number | undefined {
  return bytesPerSecond !== undefined && bytesPerSecond !== null && bytesPerSecond > 0 ? bytesPerSecond : undefined
}

/**
 * The profile of the requests for a file that has fields of its own, null where the engine's does. Throws `usage` for
 * fields that cannot be sent.
 */
export function ownProfile(
  profile: RequestProfile,
  engine: EngineOptions,
  file: FileOptions | undefined,
): RequestProfile | null {
  if (!file?.headers?.length && file?.userAgent === undefined && file?.referer === undefined) return null
  const { headers, userAgent, referer } = effectiveOptions(engine, file)
  return { ...profile, headers: headers.map(([name, value]) => headerRule(name, value)), userAgent, referer }
}
