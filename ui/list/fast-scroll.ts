import { useEffect, useRef, useState } from 'react'
import type { UIEvent } from 'react'

/** Pixels in a millisecond above which nobody reads a name any more: some 200 rows a second. */
const unreadable = 10
const calm = 120

/** Whether the list flies by too fast to be read: rows that come into sight then are drawn as shapes, and filled when it slows. */
export function useFastScroll() {
  const [isFast, setFast] = useState(false)
  const last = useRef({ top: 0, at: 0 })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  function onScroll({ currentTarget, timeStamp }: UIEvent<HTMLElement>): void {
    const top = currentTarget.scrollTop
    const speed = Math.abs(top - last.current.top) / Math.max(1, timeStamp - last.current.at)
    last.current = { top, at: timeStamp }
    setFast(speed > unreadable)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setFast(false), calm)
  }
  return { isFast, onScroll }
}
