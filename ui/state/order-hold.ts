/** The order of lists stands still while a pointer is over them or a menu is open. */
export interface OrderHold {
  readonly isHeld: boolean
  set(hold: boolean, why: 'pointer' | 'menu'): void
  /** The pointer moved somewhere. */
  moved(): void
}

/** A pointer that does not move for so long, ms, is no longer about to click. */
const idleAfter = 3000

export function createOrderHold(
  after: (ms: number, callback: () => void) => () => void,
  onChange: (isHeld: boolean) => void,
): OrderHold {
  let menu = false
  let inside = false
  let idle = false
  let stop: (() => void) | null = null
  let told = false

  const isHeld = (): boolean => menu || (inside && !idle)
  function tell(): void {
    if (isHeld() === told) return
    told = !told
    onChange(told)
  }

  function moved(): void {
    stop?.()
    stop = null
    idle = false
    if (inside)
      stop = after(idleAfter, () => {
        idle = true
        tell()
      })
    tell()
  }

  return {
    get isHeld() {
      return isHeld()
    },
    set(hold, why) {
      if (why === 'menu') {
        menu = hold
        tell()
      } else {
        inside = hold
        moved()
      }
    },
    moved: () => {
      if (inside) moved()
    },
  }
}
