import { spawn } from 'node:child_process'
import { excerpt } from '../../core/excerpt.ts'
import { codeOf } from '../../wire/socket-errors.ts'
import { tokenUser } from './credentials.ts'
import type { Credentials } from './credentials.ts'

type Environment = Readonly<Record<string, string | undefined>>

const maxOutput = 64 * 1024

/**
 * Asks the program `docker-credential-<name>` for a login, as docker does: `get` with the server on standard input, JSON
 * on standard output. No shell is involved. Null when it has none. Rejects with an Error whose message is a sentence
 * without anything that the program wrote.
 */
export async function askHelper(
  name: string,
  server: string,
  env: Environment,
  /** Milliseconds. */
  patience = 10_000,
): Promise<Credentials | null> {
  if (!/^[A-Za-z0-9._-]+$/.test(name)) throw new Error(`"${excerpt(name)}" is no name of a credential helper.`)
  const program = `docker-credential-${name}`
  const { output, errors, exit } = await run(program, server, env, patience)
  if (exit === 0) return parseAnswer(output, program)
  if (/credentials not found/i.test(output + errors)) return null
  throw new Error(`${program} failed (${exit ?? 'killed'}).`)
}

interface Run {
  readonly output: string
  readonly errors: string
  /** Null when it was killed. */
  readonly exit: number | null
}

function run(program: string, input: string, env: Environment, patience: number): Promise<Run> {
  const { promise, resolve, reject } = Promise.withResolvers<Run>()
  const child = spawn(program, ['get'], { env: { ...env }, shell: false, windowsHide: true })
  const texts = { output: '', errors: '' }

  function give(up: Error): void {
    child.kill('SIGKILL')
    // A child of its own may hold the pipes open.
    for (const stream of child.stdio) stream?.destroy()
    child.unref()
    reject(up)
  }

  function read(stream: NodeJS.ReadableStream, into: keyof typeof texts): void {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      texts[into] += piece
      if (texts[into].length > maxOutput) give(new Error(`${program} writes more than a login.`))
    })
  }

  const timer = setTimeout(() => give(new Error(`${program} gave no answer within ${patience / 1000} s.`)), patience)
  read(child.stdout, 'output')
  read(child.stderr, 'errors')
  child.on('error', (cause) => {
    const why = codeOf(cause) === 'ENOENT' ? 'is not there' : `cannot be started (${codeOf(cause)})`
    reject(new Error(`${program} ${why}.`, { cause }))
  })
  child.on('close', (exit) => resolve({ ...texts, exit }))
  // One that reads nothing may still know the answer.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return promise.finally(() => clearTimeout(timer))
}

function parseAnswer(output: string, program: string): Credentials | null {
  let json: unknown
  try {
    json = JSON.parse(output)
  } catch {
    json = null
  }
  if (typeof json !== 'object' || json === null) throw new Error(`${program} gave no JSON.`)
  const username = 'Username' in json && typeof json.Username === 'string' ? json.Username : ''
  const secret = 'Secret' in json && typeof json.Secret === 'string' ? json.Secret : ''
  if (username === tokenUser) return { kind: 'identity', username: '', token: secret }
  return username === '' && secret === '' ? null : { kind: 'password', username, password: secret }
}
