import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { needCommand } from './debian.ts'

/** A PostgreSQL of the test's own, which nothing outside reaches: it listens on a socket in a temporary folder only. */
export interface Postgres {
  /** Makes an empty database and gives its postgres:// address. */
  createDatabase(): Promise<string>
  /** Runs SQL in that database as the superuser, beside all that use it. */
  run(address: string, sql: string): string
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}

/** PostgreSQL refuses to run as root. */
const serverUser = 'postgres'

export async function startPostgres(): Promise<Postgres> {
  const initdb = needCommand({ command: 'initdb', package: 'postgresql' })
  const server = needCommand({ command: 'postgres', package: 'postgresql' })
  const psql = needCommand({ command: 'psql', package: 'postgresql' })
  const user = process.getuid?.() === 0 ? systemUser(serverUser) : undefined
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pg-'))
  try {
    if (user !== undefined) chownSync(folder, user.uid, user.gid)
    chmodSync(folder, 0o700)
    const data = join(folder, 'data')
    const common = { ...user, cwd: folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' } }
    const choices = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
    execFileSync(initdb, ['-D', data, ...choices], { ...common, stdio: 'ignore' })
    const settings = { listen_addresses: '', unix_socket_directories: folder, fsync: 'off', max_connections: '40' }
    const child = spawn(server, ['-D', data, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])], {
      ...common,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const exited = once(child, 'exit')
    let log = ''
    child.stderr.on('data', (bytes) => (log = (log + String(bytes)).slice(-4000)))
    // A test run that crashes leaves no server behind.
    const kill = (): boolean => child.kill('SIGQUIT')
    process.once('exit', kill)

    const run = (database: string, sql: string): string =>
      execFileSync(psql, ['-h', folder, '-U', 'postgres', '-d', database, '-qAtc', sql], {
        encoding: 'utf8',
        stdio: 'pipe',
      })
    const deadline = Date.now() + 30_000
    while (!log.includes('ready to accept connections')) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`PostgreSQL does not start: ${log}`)
      await sleep(20)
    }
    let count = 0
    return {
      async createDatabase() {
        const name = `test_${++count}`
        run('postgres', `create database ${name}`)
        return `postgres://postgres@localhost/${name}?host=${encodeURIComponent(folder)}`
      },
      run: (address, sql) => run(new URL(address).pathname.slice(1), sql),
      async stop() {
        process.off('exit', kill)
        child.kill('SIGQUIT')
        await exited
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function systemUser(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name}:`))
  if (line === undefined) throw new Error(`There is no user ${name}; the Debian package postgresql makes it.`)
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}
