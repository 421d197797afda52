import type { Settings } from '../../config/resolve.ts'
import { measure, startMeter, timeLeft } from '../../core/speed.ts'
import { apply, begin, createRunState } from '../run-state.ts'
import type { Screen } from './choose.ts'

/** Shows how far work on many bytes is that is no download. */
export interface ByteWork {
  readonly onProgress: (done: number, total: number) => void
  /** Clears what moves; nothing may be written to the terminal before. */
  stop(): void
}

/**
 * On a terminal one moving line, elsewhere a line each ten seconds; nothing with `--quiet`, nor with `--json`. `title` is
 * safe to print.
 */
export async function showByteWork(
  settings: Settings<'json' | 'quiet'>,
  { out, err, live, size, now }: Screen,
  title: string,
): Promise<ByteWork> {
  if (settings.flag('quiet') || settings.flag('json')) return { onProgress() {}, stop() {} }
  const state = createRunState()
  begin(state, 0, title)
  let meter = startMeter(now(), 0)
  const stop = await shower()
  return {
    onProgress(bytesDone, bytesTotal) {
      const event = { id: 0, reference: title, bytesTotal }
      if (state.running.get(0)?.path === undefined)
        apply(state, 0, { ...event, type: 'start', url: '', path: title, title, resumedFrom: 0 }, now())
      meter = measure(meter, now(), bytesDone)
      const { speed } = meter
      const eta = timeLeft(bytesTotal - bytesDone, speed)
      apply(state, 0, { ...event, type: 'progress', bytesDone, speed, eta, connections: 0 }, now())
    },
    stop,
  }

  async function shower(): Promise<() => void> {
    if (!live) {
      const { startTicker } = await import('./ticker.ts')
      return startTicker((line) => err.line(line), state)
    }
    const { createLiveScreen } = await import('./live.ts')
    const screen = createLiveScreen({ out, err, state, size, now })
    return () => screen.stop()
  }
}
