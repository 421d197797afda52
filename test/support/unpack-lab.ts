import assert from 'node:assert/strict'
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { SluiceError } from '../../src/core/errors.ts'
import type { Unpacked, UnpackRequest } from '../../src/deliver/archive-types.ts'
import { unpackArchive } from '../../src/deliver/unpack/unpack-archive.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface UnpackLab {
  /** Holds all else. */
  readonly dir: string
  /** A folder with a file that archives try to get at. */
  readonly outside: string
  readonly into: string
  unpack(bytes: Uint8Array, options?: Partial<UnpackRequest>): Promise<Unpacked>
  /** The archive is refused, its sentence is right and safe to print, and nothing at all is made or changed. */
  refuses(bytes: Uint8Array, message: RegExp, options?: Partial<UnpackRequest>): Promise<SluiceError>
  /** What was unpacked: content of files, ` -> target` of links, `/` for folders. */
  tree(): Record<string, string>
}

export function unpackLab(t: TestContext): UnpackLab {
  const dir = temporaryFolder(t)
  const [outside, above] = [join(dir, 'outside'), join(dir, 'a', 'b')]
  mkdirSync(outside)
  mkdirSync(above, { recursive: true })
  writeFileSync(join(outside, 'canary'), 'untouched')
  const archive = join(dir, 'archive')
  const into = join(above, 'into')

  function unpack(bytes: Uint8Array, options: Partial<UnpackRequest> = {}): Promise<Unpacked> {
    writeFileSync(archive, bytes)
    return unpackArchive({ archive, into, ...options })
  }

  return {
    dir,
    outside,
    into,
    unpack,
    async refuses(bytes, message, options) {
      writeFileSync(archive, bytes)
      const before = state(dir)
      let refusal: SluiceError | undefined
      await assert.rejects(unpack(bytes, options), (error) => {
        assert.ok(error instanceof SluiceError, String(error))
        refusal = error
        assert.equal(error.code, 'bad-archive', error.message)
        assert.match(error.message, message)
        assert.match(error.message, /^[\x20-\x7e\u2026]+$/)
        return true
      })
      assert.equal(existsSync(into), false)
      assert.deepEqual(state(dir), before)
      return refusal!
    },
    tree: () => contents(into),
  }
}

/** All that a folder holds, but for the archive and the times of folders in which something came and went. */
function state(dir: string): string[] {
  return walk(dir).map((path) => {
    const info = lstatSync(join(dir, path), { bigint: true })
    const time = path === 'archive' || path === 'a/b' ? '' : info.mtimeNs
    return [path, info.mode, info.nlink, info.size, info.ino, time].join(' ')
  })
}

function contents(dir: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const path of walk(dir)) {
    const at = join(dir, path)
    const info = lstatSync(at)
    if (info.isDirectory()) found[`${path}/`] = ''
    else found[path] = info.isSymbolicLink() ? ` -> ${readlinkSync(at)}` : readFileSync(at, 'latin1')
  }
  return found
}

function walk(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort()
}
