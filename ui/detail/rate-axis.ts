// The last two are a quarter and a half of the next unit, so that marks stay round beyond it.
const steps = [1, 2, 5, 10, 20, 50, 100, 256, 512]

/** Round values in bytes from 0 to `most` or just above: the marks of an axis, at least two. */
export function byteTicks(most: number, parts = 4): number[] {
  const top = Number.isFinite(most) ? Math.max(most, 1) : 1
  const wanted = top / parts
  const unit = 1024 ** Math.max(0, Math.floor(Math.log(wanted) / Math.log(1024)))
  const step = (steps.find((one) => one * unit >= wanted) ?? 1024) * unit
  const count = Math.ceil(top / step)
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}
