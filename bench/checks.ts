import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Of } from './fixtures.ts'
import type { Fixture } from './fixtures.ts'

/** Checks of what a run left in its folder; each rejects with words for the table. */
export type Check = (folder: string) => Promise<void>

export function isWhole(fixture: Fixture): Check {
  return async (folder) => {
    const { size } = await stat(join(folder, fixture.name))
    if (size !== fixture.bytes) throw new Error(`left ${size} of ${fixture.bytes} bytes`)
  }
}

export function hasDigest(fixture: Fixture): Check {
  return async (folder) => {
    await isWhole(fixture)(folder)
    if ((await sha256Of(join(folder, fixture.name))) !== fixture.sha256) throw new Error('left wrong bytes')
  }
}

/** Every file of `names` is there with the same bytes as in `source`, and nothing else that is not hidden. */
export function hasCopies(source: string, names: readonly string[]): Check {
  return async (folder) => {
    const left = (await readdir(folder)).filter((name) => !name.startsWith('.'))
    if (left.length !== names.length) throw new Error(`left ${left.length} of ${names.length} files`)
    for (const name of names) {
      const [want, got] = await Promise.all([readFile(join(source, name)), readFile(join(folder, name))])
      if (!got.equals(want)) throw new Error(`left wrong bytes in ${name}`)
    }
  }
}
