import { dirname } from 'node:path'
import { field, isRecord } from '../../core/json-record.ts'
import { buildNumber } from '../../core/llama-version.ts'
import { SluiceError } from '../../core/errors.ts'
import { askChild } from './ask-child.ts'
import type { LoadedFacts } from './library-facts.ts'
import { firstWithRunpath } from './open-library.ts'

export interface ProbeOptions {
  readonly tag: string
  /** Absolute. */
  readonly libraryPath: string
  /** Default: that of this process. Variables that may hold secrets are not passed on. */
  readonly env?: NodeJS.ProcessEnv
  /** Default 30 000: a first start of CUDA may take some seconds. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

/**
 * Loads a library in a process of its own and gives what it says of itself. `not-loadable` where it cannot be loaded,
 * crashes, shows no device or does not answer in time; the cause has the end of what it wrote. Any number of versions can
 * be asked at once.
 */
export async function probeLibrary(options: ProbeOptions): Promise<LoadedFacts> {
  const { tag, libraryPath, env = process.env, deadlineMs = 30_000, signal } = options
  const answer = await askChild({
    entry: new URL('./probe-child.ts', import.meta.url),
    question: { tag, libraryPath },
    env: withSearchPath(env, tag, libraryPath),
    deadlineMs,
    signal,
    subject: 'The library',
  })
  if (isFacts(answer)) return answer
  throw new SluiceError('not-loadable', 'The library gave an answer that makes no sense.', { cause: answer })
}

/**
 * The loader of Linux reads LD_LIBRARY_PATH when a process starts. The library's folder goes first where another would be
 * searched before it, and for builds that do not search it at all.
 */
export function withSearchPath(
  env: NodeJS.ProcessEnv,
  tag: string,
  libraryPath: string,
  platform: string = process.platform,
): NodeJS.ProcessEnv {
  const before = env['LD_LIBRARY_PATH'] ?? ''
  const isOld = (buildNumber(tag) ?? firstWithRunpath) < firstWithRunpath
  if (platform !== 'linux' || (before === '' && !isOld)) return env
  return { ...env, LD_LIBRARY_PATH: [dirname(libraryPath), before].filter(Boolean).join(':') }
}

function isFacts(value: unknown): value is LoadedFacts {
  return (
    isRecord(value) &&
    typeof field(value, 'tag') === 'string' &&
    typeof field(value, 'libraryPath') === 'string' &&
    typeof field(value, 'systemInfo') === 'string' &&
    Array.isArray(field(value, 'devices')) &&
    Array.isArray(field(value, 'problems'))
  )
}
