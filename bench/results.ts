import { readFile, rename, writeFile } from 'node:fs/promises'

/** Unit of a section's samples; MB is 1,000,000 bytes, % is of one core. */
export type Unit = 's' | 'ms' | 'MB' | '%'

/** What one contender scored: one sample a round, in order; shorter than the others when it failed on the way. */
export interface Series {
  readonly name: string
  readonly samples: number[]
  /** Why it was not measured, or not in every round. */
  problem?: string
}

/** A line of the target table: Sluice against a peer of the same round, or Sluice against a figure. */
export type Target =
  | { readonly kind: 'ratio'; readonly against: string; readonly atMost: number }
  | { readonly kind: 'figure'; readonly of: 'median' | 'max'; readonly below: number }

/** One comparison: all its contenders did the same work in turn. */
export interface Section {
  readonly title: string
  readonly unit: Unit
  /** The name of the series that is judged. */
  readonly ours: string
  /** The name of a series shown beside it, with its own ratios: Sluice without fsync. */
  readonly beside?: string
  readonly series: Series[]
  readonly targets: readonly Target[]
}

/** What a figure depends on besides the programs' own merit. */
export interface Setting {
  readonly cpu: string
  readonly cores: number
  readonly memory: string
  readonly kernel: string
  readonly filesystem: string
  /** Tool name -> version. */
  readonly versions: Record<string, string>
}

export interface RowResult {
  readonly id: string
  readonly title: string
  /** ISO date of the run, UTC. */
  readonly date: string
  /** Version and commit of Sluice. */
  readonly sluice: string
  /** Share of all cores (0-1) that others kept busy in the second before the row began. */
  readonly busy: number
  readonly setting: Setting
  readonly sections: Section[]
  readonly notes: readonly string[]
}

/** Row id -> its newest result. */
export type Results = Record<string, RowResult>

/** @throws when the file is there and is no JSON; a missing file is an empty table. */
export async function loadResults(path: string): Promise<Results> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Results
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

/** Replaces the file in one step, so that an interrupted bench leaves the old table. */
export async function saveText(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}
