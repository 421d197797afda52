import { preferences } from './preferences.ts'
import { createValue, useValue } from './value.ts'

export interface ToastInput {
  readonly kind: 'info' | 'good' | 'warning' | 'error'
  readonly text: string
  /** Taken at most once; the toast goes with it. */
  readonly action?: { readonly label: string; readonly onSelect: () => void }
  /** Stays until it is dismissed. */
  readonly lasting?: boolean
  /** How long it stays, ms; default 6000, errors 10,000. */
  readonly duration?: number
  /** Called when it goes, whatever the reason. */
  readonly onGone?: () => void
}

export interface Toast extends ToastInput {
  readonly id: number
}

export interface ToastTimers {
  /** Calls back after that time; what it gives back prevents it. */
  after(ms: number, callback: () => void): () => void
  now(): number
  /** Whether a person wants to have the time that they need. */
  isEndless?(): boolean
}

interface Kept {
  readonly toast: Toast
  left: number
  since: number
  stop: (() => void) | null
}

/** More than these at once nobody reads: the oldest goes, those with an action last. */
const most = 5

export function createToasts(timers: ToastTimers) {
  const shown = createValue<readonly Toast[]>([])
  const kept = new Map<number, Kept>()
  let held = false
  let last = 0

  const tell = (): void => shown.set(Array.from(kept.values(), (one) => one.toast))

  function start(one: Kept): void {
    if (held || one.toast.lasting === true || timers.isEndless?.() === true) return
    one.since = timers.now()
    one.stop = timers.after(one.left, () => dismiss(one.toast.id))
  }

  function dismiss(id: number): void {
    const one = kept.get(id)
    if (one === undefined) return
    one.stop?.()
    kept.delete(id)
    tell()
    one.toast.onGone?.()
  }

  return {
    shown,
    dismiss,
    /** Gives back its number, for `dismiss`. */
    show(input: ToastInput): number {
      const id = ++last
      const { action } = input
      const taken = action && {
        ...action,
        onSelect: () => (kept.has(id) ? (action.onSelect(), dismiss(id)) : undefined),
      }
      const one: Kept = {
        toast: { ...input, ...(taken === undefined ? {} : { action: taken }), id },
        left: input.duration ?? (input.kind === 'error' ? 10_000 : 6000),
        since: 0,
        stop: null,
      }
      kept.set(id, one)
      if (kept.size > most) {
        const others = [...kept.values()].filter((other) => other !== one)
        dismiss((others.find((other) => other.toast.action === undefined) ?? others[0] ?? one).toast.id)
      }
      start(one)
      tell()
      return id
    },
    /** No toast goes by itself while the pointer or the focus is on them. */
    hold(on: boolean): void {
      if (on === held) return
      held = on
      for (const one of kept.values()) {
        if (!on) start(one)
        else if (one.stop !== null) {
          one.stop()
          one.stop = null
          one.left = Math.max(1000, one.left - (timers.now() - one.since))
        }
      }
    },
  }
}

const page = createToasts({
  now: () => performance.now(),
  isEndless: () => preferences.get('lastingMessages'),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
})
const announced = createValue<{ readonly text: string; readonly number: number }>({ text: '', number: 0 })

export const toast = page.show
export const dismissToast = page.dismiss
export const holdToasts = page.hold

export function useToasts(): readonly Toast[] {
  return useValue(page.shown)
}

/** What is announced is on the screen by then, for those who go and look for it. */
const announcedAfter = 600

let waiting: string[] = []

/** Said once by screen readers when they are idle; what comes together is said together. */
export function announce(text: string): void {
  waiting.push(text)
  if (waiting.length > 1) return
  setTimeout(() => {
    const sentences = waiting.length === 1 ? waiting : waiting.map((one) => one.replace(/([^.!?…])$/u, '$1.'))
    announced.set({ text: sentences.join(' '), number: announced.get().number + 1 })
    waiting = []
  }, announcedAfter)
}

/** The last thing announced; `number` grows, so that the same text twice is told twice. */
export function useAnnouncement(): { readonly text: string; readonly number: number } {
  return useValue(announced)
}
