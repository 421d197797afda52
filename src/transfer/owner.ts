import { shortHash } from '../core/short-hash.ts'

const { readFileSync, readlinkSync } = process.getBuiltinModule('node:fs')

/** Whether the process behind a token still runs; `elsewhere`: it belongs to another machine, boot or container. */
export type Liveness = 'alive' | 'dead' | 'elsewhere'

let own: string | undefined
let thread: { readonly id: number; readonly dead: readonly number[] } | undefined

/**
 * To be called first of all in a thread of its own: `id` tells it from others of this process, `dead` are those that have
 * crashed, which the process itself survived.
 */
export function ownAsThread(id: number, dead: readonly number[]): void {
  thread = { id, dead }
}

/**
 * Names this process so that others on the same machine can tell whether it still runs: `place-pid-start`, and `-t` with
 * its number in a thread of its own.
 */
export function ownerToken(): string {
  own ??= `${place()}-${process.pid}-${startOf(process.pid) ?? '0'}${thread ? `-t${thread.id}` : ''}`
  return own
}

export function liveness(token: string): Liveness {
  const [where, pid, start, part] = token.split('-')
  if (where !== place() || pid === undefined || !/^\d+$/.test(pid)) return 'elsewhere'
  const running = startOf(Number(pid))
  if (running !== undefined) return running === start && !isDeadThread(pid, part) ? 'alive' : 'dead'
  if (process.platform === 'linux') return 'dead'
  return signals(Number(pid)) ? 'alive' : 'dead'
}

function isDeadThread(pid: string, part: string | undefined): boolean {
  return pid === String(process.pid) && thread !== undefined && thread.dead.some((id) => part === `t${id}`)
}

/** Boot and process namespace: where a process number means the same process. */
function place(): string {
  const marks = [
    readIfThere('/proc/sys/kernel/random/boot_id') ?? process.getBuiltinModule('node:os').hostname(),
    linkIfThere('/proc/self/ns/pid') ?? '',
  ]
  return shortHash(marks.join(' '))
}

/** Start time of a process in clock ticks since boot (proc(5), field 22), undefined where there is no such process. */
function startOf(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : fields[19]
}

function signals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

function linkIfThere(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
