import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { errorKinds, SluiceError } from '../../core/errors.ts'
import { field, isRecord } from '../../core/json-record.ts'
import { errorFrom } from '../../transfer/engine-messages.ts'
import type { ErrorData } from '../../transfer/engine-messages.ts'

/** Of what the child writes to stdout and stderr, this much of the end is kept. */
const noiseBytes = 4096
/** Variables that may hold secrets: native code from elsewhere need not have them. NODE_OPTIONS are for this process. */
const withheld = /TOKEN|SECRET|PASSW|API_?KEY|CREDENTIAL|^SLUICE_(?:KEY|DATABASE)$|_PROXY$|^NODE_OPTIONS$/i
/** Milliseconds to wait for the end of a child that was killed: files that it holds open cannot be removed on Windows. */
const endPatience = 1000

export interface ChildOptions {
  /** The module that the child runs; it answers with `answerParent`. */
  readonly entry: URL
  /** Anything that JSON can hold. */
  readonly question: unknown
  readonly env: NodeJS.ProcessEnv
  /** Milliseconds until the child is killed. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  /** What is asked, as sentences begin with it: "The library". */
  readonly subject: string
}

/**
 * Asks a new process of this Node: native code may crash or hang there without harm here. `not-loadable` when it does, or
 * ends without an answer; its own errors come as they are. Their cause holds the end of what it wrote. The child has ended
 * when this settles.
 */
export async function askChild(options: ChildOptions): Promise<unknown> {
  options.signal?.throwIfAborted()
  const child = fork(options.entry, {
    env: publicEnv(options.env),
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = once(child, 'close').catch(() => {})
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  try {
    return await answerOf(child, options)
  } finally {
    process.off('exit', kill)
    kill()
    const rest = new AbortController()
    await Promise.race([ended, once(AbortSignal.any([AbortSignal.timeout(endPatience), rest.signal]), 'abort')])
    rest.abort()
  }
}

function answerOf(child: ChildProcess, { question, deadlineMs, signal, subject }: ChildOptions): Promise<unknown> {
  const noise = keepNoise(child)
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const fail = (message: string): void => reject(new SluiceError('not-loadable', message, causeOf(noise())))
  const onAbort = (): void => reject(signal?.reason)
  const timer = setTimeout(() => fail(`${subject} did not answer within ${deadlineMs / 1000} s.`), deadlineMs)
  signal?.addEventListener('abort', onAbort)
  child.once('error', (error) =>
    fail(`No process could be started to ask ${subject.toLowerCase()} (${error.message}).`),
  )
  // After `close` all that it wrote has been read.
  child.once('close', (code, killer) => fail(endOf(subject, code, killer)))
  child.on('message', (reply: unknown) => {
    // Native code shares the channel with the answer: anything may come.
    if (!isRecord(reply)) return
    const error = field(reply, 'error')
    if (Object.hasOwn(reply, 'value')) resolve(reply['value'])
    else if (isErrorData(error)) reject(errorFrom({ ...error, ...causeOf(join(error.cause, noise())) }))
  })
  // It may be gone before it was asked: `close` tells.
  child.send({ question }, () => {})
  return promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  })
}

function isErrorData(value: unknown): value is ErrorData {
  if (!isRecord(value)) return false
  const [code, message] = [field(value, 'code'), field(value, 'message')]
  return typeof code === 'string' && Object.hasOwn(errorKinds, code) && typeof message === 'string'
}

function join(...texts: ReadonlyArray<string | undefined>): string {
  return texts.filter(Boolean).join('\n')
}

function causeOf(text: string): { cause?: string } {
  return text === '' ? {} : { cause: text }
}

function endOf(subject: string, code: number | null, killer: NodeJS.Signals | null): string {
  if (killer !== null) return `${subject} crashed (${killer}).`
  // Windows tells an exception as the exit code: 0xC0000005 is a wrong access to memory.
  if (code !== null && code >= 0x8000_0000) return `${subject} crashed (0x${code.toString(16).toUpperCase()}).`
  return `${subject} ended its process (exit code ${code ?? 'unknown'}) and gave no answer.`
}

function keepNoise(child: ChildProcess): () => string {
  let kept = Buffer.alloc(0)
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => (kept = Buffer.concat([kept, bytes]).subarray(-noiseBytes)))
  return () => kept.toString('utf8').trim()
}

function publicEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.test(name)))
}
