import type { Bench } from './measure.ts'
import type { Section, Series, Unit } from './results.ts'

/** Something that is not a command run to its end: each round gives one figure, or several of the same run. */
export interface Trial {
  readonly name: string
  readonly isOurs?: boolean
  /** One figure for each of the titles, in their order. */
  readonly take: () => Promise<readonly number[]>
}

export interface Figure {
  readonly title: string
  readonly unit: Unit
  readonly targets: Section['targets']
}

/**
 * Takes the trials in turn, `rounds` times; the first is the one that is judged. One section for each figure. A trial
 * that fails stays out of the later rounds, and its sections say why; an abort ends the whole bench.
 */
export async function sample(
  bench: Bench,
  rounds: number,
  figures: readonly Figure[],
  trials: readonly Trial[],
): Promise<Section[]> {
  const entered = trials.filter((trial) => !(bench.onlyPeers && trial.isOurs === true))
  const results = figures.map(() => new Map<Trial, Series>(entered.map((trial) => [trial, blank(trial)])))
  for (let round = 1; round <= rounds; round++) {
    for (const trial of entered) {
      if (results[0]?.get(trial)?.problem !== undefined) continue
      const taken = await attempt(bench, trial)
      for (const [index, { unit }] of figures.entries()) {
        const series = results[index]?.get(trial)
        if (series === undefined) continue
        if (typeof taken === 'string') series.problem = taken
        else series.samples.push(Number((taken[index] ?? Number.NaN).toPrecision(5)))
        bench.say(`    ${round}  ${trial.name}: ${series.problem ?? `${series.samples.at(-1)} ${unit}`}`)
      }
    }
  }
  return figures.map(({ title, unit, targets }, index) => ({
    title,
    unit,
    ours: trials[0]?.name ?? '',
    series: [...(results[index]?.values() ?? [])],
    targets,
  }))
}

function blank({ name }: Trial): Series {
  return { name, samples: [] }
}

/** The figures, or why there are none. */
async function attempt(bench: Bench, trial: Trial): Promise<readonly number[] | string> {
  try {
    return await trial.take()
  } catch (error) {
    bench.signal.throwIfAborted()
    if (!(error instanceof Error)) return String(error)
    const isMissing = 'code' in error && error.code === 'ENOENT' && error.message.startsWith('spawn')
    return isMissing ? 'not installed' : error.message.replaceAll(bench.folder, '')
  }
}
