import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { launcher, spawnCommand } from '../support/cli.ts'
import { startFileServer } from './file-server.ts'
import type { FileServer } from './file-server.ts'

let files: FileServer
let cwd: string

before(async () => {
  files = await startFileServer()
  cwd = await mkdtemp(join(tmpdir(), 'sluice-terminal-'))
})
after(async () => {
  await files[Symbol.asyncDispose]()
  await rm(cwd, { recursive: true })
})

/** Runs the command in a terminal of 40 columns and returns everything that the terminal was sent. */
async function inTerminal(args: string, term: string): Promise<string> {
  const line = `stty cols 40 rows 24; exec '${process.execPath}' '${launcher}' ${args}`
  const { ended } = await spawnCommand('script', ['-qec', line, '/dev/null'], { cwd, env: { TERM: term } })
  const { code, stdout } = await ended
  assert.equal(code, 0, stdout)
  return stdout.replaceAll('\r\n', '\n')
}

test('a narrow terminal shows moving lines that never wrap, and is left with its cursor', async () => {
  const sent = await inTerminal(
    `get --limit-rate 2m ${files.url}/2097152/a-rather-long-name.iso ${files.url}/1/b`,
    'xterm',
  )
  const frames = sent.split('\x1b[J').map((frame) => frame.replaceAll(/\x1b\[[?0-9;]*[A-Za-z]/g, ''))
  const moving = frames.flatMap((frame) => frame.split('\n')).filter((line) => / \d+% /.test(line))
  assert.ok(moving.length >= 2, sent)
  assert.ok(moving.length <= 30, `${moving.length} pictures in about a second`)
  assert.ok(
    moving.some((line) => line.includes('….iso')),
    sent,
  )
  assert.ok(
    moving.every((line) => line.length < 40 && (line.includes('….iso') || line.startsWith('b '))),
    moving.join('\n'),
  )
  assert.ok(sent.lastIndexOf('\x1b[?25h') > sent.lastIndexOf('\x1b[?25l'))
  assert.match(sent, /\na-rather-long-name\.iso\n/, 'the path itself')
  assert.match(sent, /2 files: 2 completed/)
})

test('a dumb terminal gets plain lines', async () => {
  const sent = await inTerminal(`get -d dumb ${files.url}/1/c`, 'dumb')
  assert.doesNotMatch(sent, /\x1b/)
  assert.match(sent, /^c: 1 B in /m)
})
