import type { Client } from '../client/client.ts'
import type { BulkResult } from '../server/api-types.ts'
import type { Settings } from '../config/resolve.ts'
import { SluiceError, errorKinds } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'
import type { CommandContext } from './command.ts'
import { openDaemon } from './find-daemon.ts'
import { someIds } from './operands.ts'
import { clean, cleanJson } from './print/clean.ts'
import { createFailures } from './print/failures.ts'

type ActOption = 'url' | 'token' | 'json' | 'quiet' | 'verbose'

/** The word for what was done: in the JSON (`type`) and for people. */
export interface Done {
  readonly type: string
  readonly words: string
}

/** Does one thing to each download in the order given, goes on after a failure, and gives the code of the first. */
export async function actOnEach(
  settings: Settings<ActOption>,
  ids: readonly string[],
  context: CommandContext,
  done: Done,
  act: (daemon: Client, id: string) => Promise<void>,
): Promise<number> {
  const daemon = await openDaemon(settings, context)
  const results = createResults(settings, context, done)
  for (const id of new Set(someIds(ids))) {
    try {
      await act(daemon, id)
      results.done(id)
    } catch (error) {
      results.failed(id, error)
      // Without a daemon the others would fail in the same way.
      if (error instanceof SluiceError && error.status === undefined && error.exitCode === 3) break
    }
  }
  return results.exitCode()
}

/** Does one thing to all downloads that it can be done with. */
export async function actOnAll(
  settings: Settings<ActOption>,
  context: CommandContext,
  done: Done,
  act: (daemon: Client) => Promise<BulkResult>,
): Promise<number> {
  const result = await act(await openDaemon(settings, context))
  const results = createResults(settings, context, done)
  for (const id of result.done) results.done(id)
  for (const { id, code, message } of result.failed) results.failed(id, new SluiceError(knownCode(code), message))
  if (result.done.length === 0 && result.failed.length === 0) results.nothing()
  return results.exitCode()
}

interface Results {
  done(id: string): void
  failed(id: string, error: unknown): void
  nothing(): void
  exitCode(): number
}

function createResults(settings: Settings<ActOption>, { screen }: CommandContext, { type, words }: Done): Results {
  const { out, err } = screen
  const json = settings.flag('json')
  const quiet = settings.flag('quiet')
  const failures = createFailures({ out, err, json, key: 'id', verbose: settings.flag('verbose') })
  return {
    done(id) {
      if (json) out.line(cleanJson({ type, id }))
      else if (!quiet) err.line(`${clean(id)}: ${words}`)
    },
    failed: (id, error) => failures.tell(id, error),
    nothing() {
      if (!quiet && !json) err.line('There is no download that this can be done with.')
    },
    exitCode: () => failures.exitCode(),
  }
}

/** A code of the table; one that a newer daemon knows is `internal` here. */
export function knownCode(code: string): ErrorCode {
  return Object.hasOwn(errorKinds, code) ? (code as ErrorCode) : 'internal'
}
