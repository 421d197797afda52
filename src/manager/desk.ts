import type { Settings } from '../config/settings.ts'
import type { ModelLibrary, Puller } from '../models/types.ts'
import type { Store } from '../store/types.ts'
import type { Engine } from '../transfer/types.ts'
import type { Clock } from './clock.ts'
import type { DiskWatch } from './disk-watch.ts'
import type { Duplicates } from './duplicates.ts'
import type { EventLog } from './event-log.ts'
import type { Ledger } from './ledger.ts'
import type { Libraries } from './llama/libraries.ts'
import type { Removals } from './llama/removals.ts'
import type { Places } from './places.ts'
import type { Secrets } from './secrets.ts'
import type { TargetFolder } from './target-folder.ts'
import type { ManagerLog, ManagerOptions } from './types.ts'
import type { ViewContext } from './view.ts'

/** What the parts of the manager have in common. */
export interface Desk {
  readonly options: ManagerOptions
  readonly clock: Clock
  readonly log: ManagerLog
  readonly store: Store
  readonly ledger: Ledger
  readonly events: EventLog
  readonly duplicates: Duplicates
  readonly secrets: Secrets
  readonly folder: TargetFolder
  readonly places: Places
  readonly disk: DiskWatch
  readonly view: ViewContext
  /** Of the store that models go to. */
  readonly library: ModelLibrary
  settings(): Settings
  /** Another one after a change of settings that no engine takes while it runs. */
  engine(): Promise<Engine>
  /** Another one whenever the engine is. */
  puller(): Promise<Puller>
  /** For libraries of llama.cpp and releases; so, too. */
  llama(): Promise<Libraries>
  readonly removals: Removals
  /** Address of GitHub's pages; a `usage` error where the environment has one that is none. */
  githubPages(): string
  /** Nothing starts any more, and what is stopped now goes on at the next start of the daemon. */
  closing(): boolean
  /** For work that nobody waits for: its failure goes to the log. */
  background(work: Promise<unknown>, failure: string): void
}
