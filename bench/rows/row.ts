import type { Bench } from '../measure.ts'
import type { Section, Target } from '../results.ts'

/** One row of the target table: P1, P2 ... */
export interface Row {
  readonly id: string
  readonly title: string
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[]
  readonly run: (bench: Bench) => Promise<Section[]>
}

/** Time of Sluice divided by that of `against`, at most. */
export function atMost(ratio: number, against: string): Target {
  return { kind: 'ratio', against, atMost: ratio }
}
