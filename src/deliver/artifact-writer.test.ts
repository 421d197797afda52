import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { digestOf } from '../../test/support/made-model.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { placeArtifactFiles, placedName } from './artifact-writer.ts'
import type { ArtifactFile } from './artifact-writer.ts'

const policies = ['rename', 'overwrite', 'skip', 'fail'] as const

interface Bench {
  readonly dir: string
  readonly ready: string
  file(path: string, text: string, unpack?: ArtifactFile['unpack']): ArtifactFile
  read(path: string): string
}

function bench(t: TestContext): Bench {
  const base = temporaryFolder(t)
  const [dir, ready] = [join(base, 'out'), join(base, 'ready')]
  mkdirSync(ready)
  return {
    dir,
    ready,
    file(path, text, unpack = null) {
      const digest = digestOf(Buffer.from(text))
      const from = join(ready, digest.slice(7))
      writeFileSync(from, text)
      return { path, from: { digest, size: text.length, path: from }, unpack }
    },
    read: (path) => readFileSync(join(dir, path), 'utf8'),
  }
}

function namesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()
}

test('files get their paths below the folder, in order, and the ready files stay', async (t) => {
  const { dir, ready, file, read } = bench(t)
  const files = [file('model.gguf', 'weights'), file('docs/en/readme.md', 'words'), file('copy.gguf', 'weights')]
  for (const ifExists of policies) {
    const paths = await placeArtifactFiles({ dir, files, ifExists })
    assert.deepEqual(
      paths,
      files.map(({ path }) => join(dir, path)),
    )
    assert.deepEqual(namesBelow(dir), ['copy.gguf', 'docs', 'docs/en', 'docs/en/readme.md', 'model.gguf'])
    assert.deepEqual(['model.gguf', 'docs/en/readme.md', 'copy.gguf'].map(read), ['weights', 'words', 'weights'])
    assert.equal(readdirSync(ready).length, 2)
  }
})

test('a name that is taken: rename finds a number, overwrite replaces, skip leaves, fail refuses', async (t) => {
  const expected = {
    rename: { path: 'a/f (1).bin', old: 'old', names: ['a', 'a/f (1).bin', 'a/f.bin'] },
    overwrite: { path: 'a/f.bin', old: 'new', names: ['a', 'a/f.bin'] },
    skip: { path: 'a/f.bin', old: 'old', names: ['a', 'a/f.bin'] },
  }
  for (const [ifExists, { path, old, names }] of Object.entries(expected)) {
    const { dir, file, read } = bench(t)
    mkdirSync(join(dir, 'a'), { recursive: true })
    writeFileSync(join(dir, 'a/f.bin'), 'old')
    const policy = ifExists as keyof typeof expected
    assert.deepEqual(await placeArtifactFiles({ dir, files: [file('a/f.bin', 'new')], ifExists: policy }), [
      join(dir, path),
    ])
    assert.equal(read('a/f.bin'), old)
    assert.deepEqual(namesBelow(dir), names)
  }
})

test('fail looks for every file before the first one is placed', async (t) => {
  const { dir, file } = bench(t)
  mkdirSync(dir)
  writeFileSync(join(dir, 'second'), 'old')
  const files = [file('first', '1'), file('second', '2')]
  await assert.rejects(placeArtifactFiles({ dir, files, ifExists: 'fail' }), { code: 'target-exists' })
  assert.deepEqual(readdirSync(dir), ['second'])
})

test('a file of the same size with other bytes is not taken for the same', async (t) => {
  const { dir, file, read } = bench(t)
  mkdirSync(dir)
  writeFileSync(join(dir, 'f'), 'old')
  await placeArtifactFiles({ dir, files: [file('f', 'new')], ifExists: 'overwrite' })
  assert.equal(read('f'), 'new')
})

test('a link in the way is never written through, whatever the policy', async (t) => {
  for (const ifExists of policies) {
    const { dir, ready, file } = bench(t)
    const outside = temporaryFolder(t)
    mkdirSync(dir)
    symlinkSync(outside, join(dir, 'folder'))
    const work = { dir, files: [file('first', '1'), file('folder/evil', 'x')], ifExists }
    await assert.rejects(placeArtifactFiles(work), { code: 'target-exists' })
    assert.deepEqual([readdirSync(outside), readdirSync(dir)], [[], ['folder']])
    assert.equal(readdirSync(ready).length, 2)
  }
})

test('a link of the very name counts as taken, and only overwrite replaces it, never what it leads to', async (t) => {
  for (const ifExists of policies) {
    const { dir, file, read } = bench(t)
    const outside = join(temporaryFolder(t), 'victim')
    writeFileSync(outside, 'new')
    mkdirSync(dir)
    symlinkSync(outside, join(dir, 'f'))
    const work = placeArtifactFiles({ dir, files: [file('f', 'NEW')], ifExists })
    if (ifExists === 'fail') await assert.rejects(work, { code: 'target-exists' })
    else await work
    assert.equal(readFileSync(outside, 'utf8'), 'new')
    assert.equal(read('f'), ifExists === 'overwrite' ? 'NEW' : 'new')
  }
})

test('a link that leads nowhere counts as taken too', async (t) => {
  const { dir, file } = bench(t)
  mkdirSync(dir)
  symlinkSync(join(dir, 'nowhere'), join(dir, 'f'))
  const paths = await placeArtifactFiles({ dir, files: [file('f', 'new')], ifExists: 'rename' })
  assert.deepEqual(paths, [join(dir, 'f (1)')])
  assert.ok(!existsSync(join(dir, 'nowhere')))
})

test('a folder that is itself reached through a link is used where it leads', async (t) => {
  const { dir, file, read } = bench(t)
  mkdirSync(dir)
  const link = join(temporaryFolder(t), 'link')
  symlinkSync(dir, link)
  assert.deepEqual(await placeArtifactFiles({ dir: link, files: [file('f', 'x')], ifExists: 'fail' }), [join(dir, 'f')])
  assert.equal(read('f'), 'x')
})

test('paths that lead elsewhere or meet each other are refused and nothing is placed', async (t) => {
  const { dir, file } = bench(t)
  for (const paths of [
    ['../evil'],
    ['/evil'],
    ['a/../../evil'],
    ['a//b'],
    ['..'],
    ['C:evil'],
    ['a\\b'],
    ['a\0b'],
    ['f', 'F'],
    ['a', 'a/b'],
  ]) {
    const files = [file('good', '1'), ...paths.map((path) => file(path, 'x'))]
    await assert.rejects(
      placeArtifactFiles({ dir, files, ifExists: 'overwrite' }),
      { code: 'bad-manifest' },
      paths.join(),
    )
    assert.deepEqual(readdirSync(dir), [])
  }
})

test('a file where a folder is needed, and a folder where a file is needed, are refused or left', async (t) => {
  const { dir, file } = bench(t)
  mkdirSync(join(dir, 'taken'), { recursive: true })
  writeFileSync(join(dir, 'plain'), 'x')
  const below = { dir, files: [file('plain/f', '1')], ifExists: 'overwrite' } as const
  await assert.rejects(placeArtifactFiles(below), { code: 'target-exists' })
  await assert.rejects(placeArtifactFiles({ dir, files: [file('taken', '1')], ifExists: 'overwrite' }), {
    code: 'disk',
  })
  assert.deepEqual(namesBelow(dir), ['plain', 'taken'])
})

test('a packed folder stays packed, its name says so, and a warning does', async (t) => {
  const { dir, file } = bench(t)
  const warnings: string[] = []
  const files = [file('data', '1', 'tar+gzip'), file('more', '2', 'tar'), file('x.tgz', '3', 'tar+gzip')]
  const work = { dir, files, ifExists: 'fail', onWarning: (message: string) => warnings.push(message) } as const
  const paths = await placeArtifactFiles(work)
  assert.deepEqual(
    paths,
    ['data.tar.gz', 'more.tar', 'x.tgz'].map((name) => join(dir, name)),
  )
  assert.deepEqual(
    paths,
    files.map((one) => join(dir, placedName(one))),
  )
  assert.match(warnings.join('\n'), /data is a packed folder.*data\.tar\.gz/)
})

test('a stop ends it with its reason, and what is placed stays', async (t) => {
  const { dir, file } = bench(t)
  const reason = new Error('stopped')
  const work = { dir, files: [file('f', '1')], ifExists: 'fail', signal: AbortSignal.abort(reason) } as const
  await assert.rejects(placeArtifactFiles(work), reason)
  assert.deepEqual(readdirSync(dir), [])
})

test('a ready file that is a link is not placed', async (t) => {
  const { dir, ready, file } = bench(t)
  const one = file('f', '1')
  const link = join(ready, 'link')
  symlinkSync(one.from.path, link)
  const files = [{ ...one, from: { ...one.from, path: link } }]
  await assert.rejects(placeArtifactFiles({ dir, files, ifExists: 'fail' }), { code: 'internal' })
  assert.deepEqual(readdirSync(dir), [])
  assert.ok(statSync(one.from.path).isFile())
})
