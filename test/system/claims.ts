import { existsSync, openSync, readdirSync, readFileSync, readSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import type { Content } from '../faults/content.ts'

/** What a folder says about an unfinished file: docs/formats.md. */
interface Claim {
  readonly part: string
  readonly done: ReadonlyArray<readonly [start: number, end: number]>
}

/** Every session in a folder that can be read. Half-written ones are not there by design, so one of them throws. */
function readClaims(dir: string): Claim[] {
  const staging = join(dir, '.staging')
  if (!existsSync(staging)) return []
  return readdirSync(staging)
    .map((id) => join(staging, id, 'session.json'))
    .filter((path) => existsSync(path) && readFileSync(path).length > 0)
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Claim)
}

/** Bytes that the sessions of a folder claim, believed. */
export function claimedBytes(dir: string): number {
  return readClaims(dir).reduce(
    (sum, { done }) => sum + done.reduce((bytes, [start, end]) => bytes + end - start, 0),
    0,
  )
}

/**
 * The same, checked: throws when a claimed byte is not on the disk or not the right one. A part that has just got its
 * final name claims nothing any more.
 */
export function checkClaims(dir: string, content: Content): number {
  let claimed = 0
  for (const { part, done } of readClaims(dir).filter((claim) => existsSync(join(dir, claim.part)))) {
    for (const [start, end] of done) {
      if (!bytesAt(join(dir, part), start, end).equals(content.read(start, end))) {
        throw new Error(`the session claims bytes ${start}-${end} of ${part}, and they are not right`)
      }
      claimed += end - start
    }
  }
  return claimed
}

function bytesAt(path: string, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start)
  const file = openSync(path, 'r')
  try {
    const count = readSync(file, bytes, 0, bytes.length, start)
    return bytes.subarray(0, count)
  } finally {
    closeSync(file)
  }
}
