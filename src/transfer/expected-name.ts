import { basename } from 'node:path'
import { chooseFileName } from '../wire/choose-name.ts'
import type { NameSources } from '../wire/choose-name.ts'
import { nameFromTemplate } from '../core/name-template.ts'

/** Who chooses the name of a file: the user's `output` comes first, then the template over what the server says. */
export interface Naming {
  /** The user's name, perhaps with folders. */
  readonly output: string | undefined
  readonly template: string | undefined
  /** Of the transfer, for the template. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly now: number
}

export function nameFor({ output, template, id, now }: Naming, sources: NameSources): string {
  if (output !== undefined) return basename(output)
  const name = chooseFileName(sources)
  if (template === undefined || template === '') return name
  return nameFromTemplate(template, {
    name,
    host: sources.requestUrl.hostname,
    id,
    now: new Date(now),
  })
}
