import type { Added } from '../server/api-types.ts'
import type { Settings } from '../config/resolve.ts'
import { clean, cleanJson } from './print/clean.ts'
import type { Screen } from './print/choose.ts'
import { createFailures } from './print/failures.ts'
import { shownReference } from './print/reference.ts'

/** Prints what became of each reference: ids alone on stdout, the rest on stderr; or JSON lines. */
export interface AddResults {
  added(reference: string | undefined, added: Added): void
  failed(reference: string, error: unknown): void
  exitCode(): number
}

export function createAddResults(settings: Settings<'json' | 'quiet' | 'verbose'>, { out, err }: Screen): AddResults {
  const json = settings.flag('json')
  const quiet = settings.flag('quiet')
  const failures = createFailures({ out, err, json, key: 'reference', verbose: settings.flag('verbose') })
  return {
    added(reference, { id, skipped, duplicateOf }) {
      const shown = reference === undefined ? {} : { reference: shownReference(reference) }
      const duplicate = duplicateOf === undefined ? {} : { duplicateOf }
      if (json) out.line(cleanJson({ type: skipped === true ? 'skipped' : 'added', id, ...shown, ...duplicate }))
      else out.line(clean(id))
      if (json || quiet) return
      if (skipped === true) err.line(`${clean(id)}: it is listed already, nothing was added`)
      else if (duplicateOf !== undefined) err.line(`${clean(id)}: the same as ${clean(duplicateOf)}, added again`)
    },
    failed: (reference, error) => failures.tell(shownReference(reference), error),
    exitCode: () => failures.exitCode(),
  }
}
