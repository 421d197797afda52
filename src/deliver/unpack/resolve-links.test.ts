import assert from 'node:assert/strict'
import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from '../../core/errors.ts'
import { createArchiveMap } from './archive-map.ts'
import { resolveLinks } from './resolve-links.ts'

function mapOf(files: readonly string[], links: ReadonlyMap<string, string>): ReturnType<typeof createArchiveMap> {
  const map = createArchiveMap()
  for (const path of files) map.add(path, 'file')
  for (const path of links.keys()) map.add(path, 'link')
  return map
}

test('40 links in a row are followed', () => {
  const links = new Map(Array.from({ length: 40 }, (_, i) => [`l${i}`, i === 0 ? 'd/file' : `d/../l${i - 1}`]))
  const resolved = resolveLinks({ map: mapOf(['d/file'], links), links })
  assert.deepEqual([resolved.get('l39')?.target, resolved.get('l39')?.file], ['d/../l38', 'd/file'])
  assert.equal(resolved.get('l39')?.through.length, 39)
  assert.equal(resolved.size, 40)
})

test('a link that was taken leads on a real disk to the same file, and never elsewhere', () => {
  const file = fc.constantFrom('x', 'a/x', 'b/x', 'a/b/x')
  const link = fc.constantFrom('l', 'm', 'a/l', 'b/m', 'a/b/l')
  const step = fc.constantFrom('x', 'x', 'l', 'm', 'a', 'b', '..', '..', '.', '')
  const target = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('/'))
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-')))
  let [number, taken] = [0, 0]
  try {
    fc.assert(
      fc.property(
        fc.uniqueArray(file, { minLength: 1 }),
        fc.array(fc.tuple(link, target), { minLength: 1, maxLength: 3 }),
        (files, pairs) => {
          const links = new Map(pairs)
          let resolved: ReturnType<typeof resolveLinks>
          try {
            resolved = resolveLinks({ map: mapOf(files, links), links })
          } catch (error) {
            assert.ok(error instanceof SluiceError)
            return
          }
          const root = join(dir, String(number++))
          for (const path of files) {
            mkdirSync(dirname(join(root, path)), { recursive: true })
            writeFileSync(join(root, path), '')
          }
          for (const [path, { target: written }] of resolved) {
            mkdirSync(dirname(join(root, path)), { recursive: true })
            symlinkSync(written, join(root, path))
          }
          for (const [path, { file: found }] of resolved) {
            taken += 1
            assert.equal(realpathSync(join(root, path)), join(root, found))
            assert.ok(lstatSync(join(root, found)).isFile())
          }
        },
      ),
      { numRuns: 3000 },
    )
    assert.ok(taken > 50, String(taken))
  } finally {
    rmSync(dir, { recursive: true })
  }
})
