import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { noValidators } from '../core/validators.ts'
import { openFinishedFiles } from './finished-files.ts'
import type { FinishedFile } from './finished-files.ts'

function bench(t: TestContext): { log: string; file: (name: string, text?: string) => FinishedFile } {
  const dir = temporaryFolder(t)
  return {
    log: join(dir, 'data', 'finished.ndjson'),
    file(name, text = 'bytes') {
      const path = join(dir, name)
      writeFileSync(path, text)
      return {
        path,
        id: `dl-${name}`,
        size: text.length,
        mtimeMs: statSync(path).mtimeMs,
        validators: { ...noValidators, etag: '"a"' },
      }
    },
  }
}

test('a finished file is known in this run and in the next', (t) => {
  const { log, file } = bench(t)
  const one = file('one')
  const finished = openFinishedFiles(log)
  finished.add(one)
  assert.deepEqual(finished.find(one.path), one)
  assert.equal(finished.save(), null)
  assert.deepEqual(finished.find(one.path), one)
  assert.deepEqual(openFinishedFiles(log).find(one.path), one)
  assert.equal(finished.find(`${one.path}x`), undefined)
})

test('a file that was touched, changed, replaced or removed since is not known', (t) => {
  const { log, file } = bench(t)
  const changes: ReadonlyArray<(path: string) => void> = [
    (path) => utimesSync(path, 1, 1),
    (path) => appendFileSync(path, 'more'),
    (path) => renameSync(path, `${path}.away`),
  ]
  for (const [n, change] of changes.entries()) {
    const one = file(`f${n}`)
    const finished = openFinishedFiles(log)
    finished.add(one)
    change(one.path)
    assert.equal(finished.find(one.path), undefined, String(change))
  }
})

test('the last word on a path holds', (t) => {
  const { log, file } = bench(t)
  const one = file('one')
  for (const id of ['dl-1', 'dl-2']) {
    const finished = openFinishedFiles(log)
    finished.add({ ...one, id })
    finished.save()
  }
  assert.equal(openFinishedFiles(log).find(one.path)?.id, 'dl-2')
})

test('only its owner may read it; nothing finished, nothing written', (t) => {
  const { log, file } = bench(t)
  const finished = openFinishedFiles(log)
  assert.equal(finished.save(), null)
  assert.equal(statSync(log, { throwIfNoEntry: false }), undefined)
  finished.add(file('one'))
  finished.save()
  assert.equal(statSync(log).mode & 0o077, 0)
})

test('lines that are cut off or are not ours are passed over', (t) => {
  const { log, file } = bench(t)
  const one = file('one')
  const good = JSON.stringify(one)
  mkdirSync(join(log, '..'), { recursive: true })
  writeFileSync(
    log,
    ['', '{', 'null', '7', '"x"', '[]', '{}', '{"path":7}', good.slice(0, 40), '\0\0', good, good.slice(0, -1)].join(
      '\n',
    ),
  )
  assert.deepEqual(openFinishedFiles(log).find(one.path), one)
})

test('a record without proper validators is not believed', (t) => {
  const { log, file } = bench(t)
  mkdirSync(join(log, '..'), { recursive: true })
  for (const validators of [null, {}, [], 'x', { etag: 7, lastModified: null, date: null }]) {
    const one = file('one')
    writeFileSync(log, `${JSON.stringify({ ...one, validators })}\n`)
    assert.equal(openFinishedFiles(log).find(one.path), undefined, JSON.stringify(validators))
  }
})

test('a log with many lines of few files is written anew, with what it knew', (t) => {
  const { log, file } = bench(t)
  const one = file('one')
  mkdirSync(join(log, '..'), { recursive: true })
  writeFileSync(log, `${JSON.stringify(one)}\n`.repeat(20_001))
  assert.deepEqual(openFinishedFiles(log).find(one.path), one)
  assert.equal(readFileSync(log, 'utf8'), `${JSON.stringify(one)}\n`)
  assert.deepEqual(readdirSync(join(log, '..')), ['finished.ndjson'])
})

test('a log with many lines of many files stays', (t) => {
  const { log } = bench(t)
  mkdirSync(join(log, '..'), { recursive: true })
  const text = Array.from(
    { length: 20_001 },
    (_, n) => `${JSON.stringify({ path: `/f${n}`, id: 'dl-1', size: 1, mtimeMs: 1, validators: noValidators })}\n`,
  ).join('')
  writeFileSync(log, text)
  openFinishedFiles(log).find('/f1')
  assert.equal(readFileSync(log, 'utf8').length, text.length)
})

test('a log that cannot be written anew is still read', (t) => {
  const { log, file } = bench(t)
  const one = file('one')
  mkdirSync(`${log}.${process.pid}`, { recursive: true })
  writeFileSync(log, `${JSON.stringify(one)}\n`.repeat(20_001))
  assert.deepEqual(openFinishedFiles(log).find(one.path), one)
})

test('a place that cannot be written to is told and nothing else', (t) => {
  const { log, file } = bench(t)
  writeFileSync(join(log, '..'), 'a file')
  const one = file('one')
  const finished = openFinishedFiles(log)
  finished.add(one)
  assert.ok(finished.save() instanceof Error)
  assert.deepEqual(finished.find(one.path), one)
})

test('a record is found by its id, in its folder, while its file is as it was', (t) => {
  const { log, file } = bench(t)
  const [one, two] = [file('one'), file('two')]
  const finished = openFinishedFiles(log)
  finished.add(one)
  finished.save()
  finished.add(two)
  const dir = join(one.path, '..')
  assert.deepEqual([finished.findById('dl-one', dir), finished.findById('dl-two', `${dir}/`)], [one, two])
  assert.equal(finished.findById('dl-one', join(dir, 'data')), undefined)
  assert.equal(finished.findById('dl-three', dir), undefined)
  writeFileSync(one.path, 'others')
  assert.equal(finished.findById('dl-one', dir), undefined)
})

test('told to, it writes each record at once', (t) => {
  const { log, file } = bench(t)
  const [one, two] = [file('one'), file('two')]
  const finished = openFinishedFiles(log, true)
  finished.add(one)
  finished.add(two)
  assert.deepEqual(openFinishedFiles(log).find(one.path), one)
  assert.deepEqual(openFinishedFiles(log).find(two.path), two)
  assert.equal(finished.save(), null)
  assert.equal(readFileSync(log, 'utf8').split('\n').length, 3)
})

test('one that writes at once keeps the newest records in memory, whatever the file holds', (t) => {
  const { log, file } = bench(t)
  const [old, last] = [file('old'), file('last')]
  mkdirSync(join(log, '..'))
  const others = Array.from({ length: 30_000 }, (_, n) => JSON.stringify({ ...old, path: `/gone/${n}`, id: `dl-${n}` }))
  writeFileSync(log, `${[JSON.stringify(old), ...others, JSON.stringify(last)].join('\n')}\n`)
  const dir = join(old.path, '..')
  const finished = openFinishedFiles(log, true)
  assert.equal(finished.findById('dl-old', dir), undefined)
  assert.deepEqual(finished.findById('dl-last', dir), last)
  for (let n = 0; n < 10_000; n++) finished.add({ ...last, path: `/gone/more-${n}`, id: `dl-more-${n}` })
  assert.equal(finished.findById('dl-last', dir), undefined)
  // Nothing was taken away from those who read all of it.
  assert.deepEqual(openFinishedFiles(log).findById('dl-old', dir), old)
})
