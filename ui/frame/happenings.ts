import type { Key } from '../i18n/index.ts'

export interface Happening {
  readonly type: 'started' | 'completed' | 'failed'
  readonly id: string
  readonly name: string
}

export interface Sentence {
  readonly type: Happening['type']
  readonly key: Key
  readonly params: Readonly<Record<string, string | number>>
}

const single = { failed: 'frame.oneFailed', completed: 'frame.oneCompleted', started: 'frame.oneStarted' } as const
const several = { failed: 'frame.manyFailed', completed: 'frame.manyCompleted', started: 'frame.manyStarted' } as const

/** What happened as few sentences, the most important first: one download by its name, several by their number. */
export function sentencesOf(happenings: readonly Happening[]): Sentence[] {
  return (['failed', 'completed', 'started'] as const).flatMap((type): Sentence[] => {
    const names = new Map(happenings.filter((one) => one.type === type).map(({ id, name }) => [id, name]))
    const [name] = names.values()
    if (name === undefined) return []
    return names.size === 1
      ? [{ type, key: single[type], params: { name } }]
      : [{ type, key: several[type], params: { count: names.size } }]
  })
}

export interface Batch<T> {
  add(one: T): void
  /** What waits is dropped. */
  close(): void
}

/** Gathers what comes within `delay` ms after the first and hands it over at once. */
export function batched<T>(
  delay: number,
  hand: (all: readonly T[]) => void,
  timer: (call: () => void, delay: number) => () => void = startTimer,
): Batch<T> {
  let waiting: T[] = []
  let stop: (() => void) | undefined
  const flush = (): void => {
    const all = waiting
    waiting = []
    stop = undefined
    hand(all)
  }
  return {
    add(one) {
      waiting.push(one)
      stop ??= timer(flush, delay)
    },
    close() {
      stop?.()
      stop = undefined
      waiting = []
    },
  }
}

function startTimer(call: () => void, delay: number): () => void {
  const id = setTimeout(call, delay)
  return () => clearTimeout(id)
}
