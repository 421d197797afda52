import type { Client } from '../../client/client.ts'
import type { DaemonEvent } from '../../client/events.ts'
import { showOptions } from '../../config/daemon-options.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Command, CommandContext } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'
import { watchInterrupts } from '../interrupt.ts'
import { noOperands } from '../operands.ts'
import { cleanJson } from '../print/clean.ts'
import { localTime } from '../print/local-time.ts'
import { createRegion } from '../print/region.ts'
import { changeLines, progressLines, watchPicture } from '../print/watch-view.ts'
import { errorLines } from '../print/words.ts'
import { applyEvent, applyList, createWatchState } from '../watch-state.ts'
import type { WatchState } from '../watch-state.ts'

/** Milliseconds between two pictures, and between two looks of a log at how far the downloads are. */
const frameMs = 250
const lookMs = 10_000

interface View {
  /** Before the state takes the event. */
  event(event: DaemonEvent, before: WatchState): void
  end(): void
}

export const watchCommand: Command<(typeof showOptions)[number]['name']> = {
  options: showOptions,
  examples: ['sluice watch', `sluice watch --json | jq -c 'select(.type=="changed")'`],
  async run(settings, operands, context) {
    noOperands(operands)
    const { out, err, outIsTerminal, live } = context.screen
    const daemon = await openDaemon(settings, context)
    const state = createWatchState()
    const json = settings.flag('json')
    const moving = !json && outIsTerminal && live
    const view = moving ? liveView(context, state) : json ? jsonView(context) : logView(context, state)
    const interrupts = watchInterrupts(() => view.end())
    try {
      for await (const event of daemon.events({ signal: interrupts.signal })) {
        view.event(event, state)
        applyEvent(state, event)
        if (state.stale && !json) await readAgain(daemon, state, view)
        if (event.type === 'disconnected' && !moving)
          errorLines('', event.error, false).forEach((line) => err.line(line))
        // Whoever read the lines has gone.
        if (out.gone()) return 0
      }
      return 130
    } finally {
      interrupts.stop()
      view.end()
    }
  },
}

/** Shows what is new in the list. While the daemon cannot be asked, the list stays stale: the next event tries again. */
async function readAgain(daemon: Client, state: WatchState, view: View): Promise<void> {
  try {
    const [list, { counts }] = await Promise.all([daemon.list({ limit: 200 }), daemon.statistics()])
    for (const download of list.downloads) view.event({ type: 'changed', sequence: 0, download }, state)
    applyList(state, list, counts)
  } catch (error) {
    if (!(error instanceof SluiceError) || !error.retryable) throw error
  }
}

function jsonView({ screen }: CommandContext): View {
  return {
    event(event) {
      if (event.type !== 'disconnected') return screen.out.line(cleanJson(event))
      const { code, message } = event.error
      screen.out.line(cleanJson({ type: event.type, code, message }))
    },
    end() {},
  }
}

function logView({ screen }: CommandContext, state: WatchState): View {
  const tell = (lines: readonly string[]): void => {
    const time = localTime(new Date().toISOString())
    for (const line of lines) screen.out.line(`${time}  ${line}`)
  }
  const timer = setInterval(() => tell(state.connected ? progressLines(state) : []), lookMs)
  return {
    event: (event, before) => tell(changeLines(event, before)),
    end: () => clearInterval(timer),
  }
}

function liveView({ screen, columns }: CommandContext, state: WatchState): View {
  const region = createRegion(screen.out)
  let shown = ''
  let heard = false
  const draw = (): void => {
    // Before the daemon has said anything there is nothing to be told, not even that there are no downloads.
    if (!heard) return
    const lines = watchPicture(state, { columns: columns(), rows: screen.size().rows })
    if (lines.join('\n') !== shown) region.draw(lines)
    shown = lines.join('\n')
  }
  const timer = setInterval(draw, frameMs)
  return {
    event() {
      heard = true
    },
    end() {
      clearInterval(timer)
      region.end()
    },
  }
}
