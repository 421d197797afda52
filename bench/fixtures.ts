import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const MIB: number = 1024 * 1024

/** Size in bytes of each big fixture. */
const BIG = { '2g': 2048 * MIB, '200m': 200 * MIB, '64m': 64 * MIB }

export interface Fixture {
  readonly name: '2g' | '200m' | '64m'
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

/** How many small files there are, and how long each is in bytes. */
const SMALL: { readonly count: number; readonly bytes: number } = { count: 10_000, bytes: 20_000 }

/**
 * A file of random bytes under `www`, made on first use; its digest stands in `NAME.sha256` and marks it complete.
 * On return it is in the page cache, else the first contender would wait for the server's disk.
 */
export async function fixture(www: string, name: Fixture['name']): Promise<Fixture> {
  const path = join(www, name)
  const bytes = BIG[name]
  const known = await textOf(`${path}.sha256`)
  if (known !== undefined && (await stat(path)).size === bytes) {
    await readThrough(path)
    return { name, bytes, sha256: known.trim() }
  }
  await mkdir(www, { recursive: true })
  const sha256 = await writeRandom(`${path}.new`, bytes)
  await rename(`${path}.new`, path)
  await writeFile(`${path}.sha256`, `${sha256}\n`)
  return { name, bytes, sha256 }
}

/** The small files under `www/small`, made on first use and in the page cache as above. Returns their names. */
export async function smallFixtures(www: string): Promise<string[]> {
  const folder = join(www, 'small')
  const names = Array.from({ length: SMALL.count }, (_, index) => `f${String(index).padStart(4, '0')}`)
  const mark = join(www, 'small.complete')
  if ((await textOf(mark)) !== undefined) {
    for (const name of names) await readThrough(join(folder, name))
    return names
  }
  await mkdir(folder, { recursive: true })
  for (const name of names) await writeFile(join(folder, name), randomBytes(SMALL.bytes))
  await writeFile(mark, '')
  return names
}

/** Lower-case hex of a file's SHA-256. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await using file = await open(path)
  for await (const chunk of file.createReadStream({ highWaterMark: MIB, autoClose: false }))
    hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function readThrough(path: string): Promise<void> {
  const buffer = Buffer.allocUnsafe(MIB)
  await using file = await open(path)
  for (;;) {
    const { bytesRead } = await file.read(buffer)
    if (bytesRead === 0) return
  }
}

/** Zeros under a random AES key: as good as random to every program here, and much quicker to make. */
async function writeRandom(path: string, bytes: number): Promise<string> {
  const cipher = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16))
  const hash = createHash('sha256')
  const zeros = Buffer.alloc(4 * MIB)
  await using file = await open(path, 'w')
  for (let done = 0; done < bytes; done += zeros.length) {
    const block = cipher.update(zeros.subarray(0, Math.min(zeros.length, bytes - done)))
    hash.update(block)
    await file.writeFile(block)
  }
  return hash.digest('hex')
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
