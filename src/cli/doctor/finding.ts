/** One line of the report. A `problem` makes the exit code 1. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem'
  /** What it is about, a word or two. */
  readonly topic: string
  /** Without secrets; may hold text from outside. */
  readonly message: string
  /** What to do; absent where nothing is to be done. */
  readonly hint?: string
}

export function ok(topic: string, message: string): Finding {
  return { level: 'ok', topic, message }
}

export function warning(topic: string, message: string, hint: string): Finding {
  return { level: 'warning', topic, message, hint }
}

export function problem(topic: string, message: string, hint: string): Finding {
  return { level: 'problem', topic, message, hint }
}

/** Short name of a failed system call, for sentences. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
