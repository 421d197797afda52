/** A stream for lines of text, gathered into few writes. */
export interface Output {
  line(text: string): void
  /** Writes as it is and at once, after the lines before it. */
  raw(text: string): void
  /** Resolves when everything is handed to the system; to be awaited before the process exits. */
  flush(): Promise<void>
  /** Why the stream takes nothing any more. A reader that went away (EPIPE) is no problem: the rest is dropped. */
  problem(): Error | undefined
  /** Nothing that is written arrives any more. */
  gone(): boolean
}

/** Milliseconds that a line may wait for company. */
const gatherMs = 50
const gatherCharacters = 32_768

export function createOutput(stream: NodeJS.WritableStream): Output {
  let pending = ''
  let timer: NodeJS.Timeout | undefined
  let broken = false
  let problem: Error | undefined

  stream.on('error', (error: NodeJS.ErrnoException) => {
    broken = true
    if (error.code !== 'EPIPE') problem = error
  })

  const send = (): void => {
    clearTimeout(timer)
    timer = undefined
    const text = pending
    pending = ''
    if (text !== '' && !broken) stream.write(text)
  }

  return {
    line(text) {
      pending += `${text}\n`
      if (pending.length > gatherCharacters) send()
      else timer ??= setTimeout(send, gatherMs)
    },
    raw(text) {
      pending += text
      send()
    },
    async flush() {
      send()
      if (!broken) await new Promise<void>((done) => stream.write('', () => done()))
    },
    problem: () => problem,
    gone: () => broken,
  }
}
