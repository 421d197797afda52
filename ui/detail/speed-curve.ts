/** Seconds that the graph looks back. */
export const lookBack = 300

/** Longer without a sample (in ms) is a gap, not a straight line. */
const gap = 3500

export interface Curve {
  /** Seconds before now: -300 to 0. */
  readonly times: number[]
  /** Bytes per second; null where nothing was measured. */
  readonly speeds: Array<number | null>
}

export interface Sample {
  /** ms since 1970 */
  readonly at: number
  readonly speed: number
}

/** The samples of the last five minutes as a curve that is broken where nothing was measured. */
export function speedCurve(samples: readonly Sample[], now: number): Curve {
  const curve: Curve = { times: [], speeds: [] }
  let before: number | null = null
  for (const { at, speed } of samples) {
    const time = (at - now) / 1000
    if (time < -lookBack || time > 1) continue
    if (before !== null && at - before > gap) {
      curve.times.push((before + 1 - now) / 1000)
      curve.speeds.push(null)
    }
    curve.times.push(Math.min(0, time))
    curve.speeds.push(speed)
    before = at
  }
  const [[time], [speed]] = [curve.times, curve.speeds]
  // One point is no line yet.
  if (time !== undefined && speed !== undefined && curve.times.length === 1)
    return { times: [time - 1, time], speeds: [speed, speed] }
  return curve
}

export interface CurveFigures {
  readonly now: number
  readonly most: number
  readonly mean: number
}

/** What the curve says, in bytes per second; null without a sample. */
export function curveFigures({ speeds }: Curve): CurveFigures | null {
  const known = speeds.filter((speed) => speed !== null)
  const last = known.at(-1)
  if (last === undefined) return null
  const sum = known.reduce((total, speed) => total + speed, 0)
  return { now: last, most: known.reduce((most, speed) => Math.max(most, speed), 0), mean: sum / known.length }
}
