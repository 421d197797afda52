/** A cap that holds on some days (0 is Sunday) from one time of day (`HH:MM`) to another, the latter excluded. */
export interface TimeWindow {
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
  /** 0 is no cap. */
  readonly bytesPerSecond: number
}

/** A moment in local time. */
export interface WeekTime {
  /** 0 is Sunday. */
  readonly day: number
  /** Since midnight, 0-1439. */
  readonly minutes: number
}

/**
 * Bytes per second that all downloads together may have now; undefined is no cap. A window that holds replaces the
 * general limit, of several the lowest cap counts. A window whose end is not after its begin passes midnight and belongs
 * to the day on which it begins.
 */
export function capNow(speedLimit: number, windows: readonly TimeWindow[], at: WeekTime): number | undefined {
  const holding = windows.filter((window) => holds(window, at)).map((window) => window.bytesPerSecond)
  const caps = holding.length === 0 ? [speedLimit] : holding
  const lowest = Math.min(...caps.filter((cap) => cap > 0))
  return lowest === Infinity ? undefined : lowest
}

function holds({ days, from, to }: TimeWindow, { day, minutes }: WeekTime): boolean {
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  if (begin < end) return days.includes(day) && minutes >= begin && minutes < end
  const beganToday = days.includes(day) && minutes >= begin
  return beganToday || (days.includes((day + 6) % 7) && minutes < end)
}

function minutesOf(clock: string): number {
  const [hours = '', minutes = ''] = clock.split(':')
  return Number(hours) * 60 + Number(minutes)
}
