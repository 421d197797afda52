import { useState } from 'react'

/** True from the first time that it is told so: what was opened once stays, to close with its motion. */
export function useOnce(now: boolean): boolean {
  const [before, setBefore] = useState(now)
  if (now && !before) setBefore(true)
  return now || before
}
