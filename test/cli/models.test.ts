import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runSluice } from '../support/cli.ts'
import type { CliResult } from '../support/cli.ts'
import { largestBlob, ollamaModel, titledArtifact } from '../support/model-fixture.ts'
import { startFaultyRegistry } from '../support/registry-faults.ts'
import type { FaultyRegistry } from '../support/registry-faults.ts'
import { checkOllamaStore } from '../support/store-checker.ts'
import { stuckUnzip } from '../support/stuck-unzip.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const one = ollamaModel({ name: 'one', seed: 1 })
const two = ollamaModel({ name: 'two', seed: 2 })
const artifact = titledArtifact({ name: 'team/files' }, { 'read.me': 'text' })
let registry: FaultyRegistry

before(async () => {
  registry = await startFaultyRegistry([one, two, artifact])
})
after(() => registry[Symbol.asyncDispose]())

interface Place {
  readonly cwd: string
  readonly store: string
  sluice(...args: string[]): Promise<CliResult>
}

function placeOf(folder: string): Place {
  const store = join(folder, 'store')
  const env = { OLLAMA_MODELS: store, SLUICE_REGISTRY: registry.url, DOCKER_CONFIG: folder }
  return { cwd: folder, store, sluice: (...args) => runSluice(args, { cwd: folder, env }) }
}

test('models are pulled, listed, checked and removed; what two of them share stays with the other', async (t) => {
  const { store, sluice } = placeOf(temporaryFolder(t))
  const pulled = await sluice('pull', 'one', 'two')
  assert.equal(pulled.code, 0, pulled.stderr)
  assert.match(pulled.stdout, /^.*\/manifests\/.*\/library\/one\/latest\n.*\/library\/two\/latest\n$/)
  assert.match(pulled.stderr, /one:latest: .* verified \(sha256\)/)
  assert.deepEqual(await checkOllamaStore(store), [])

  const { stdout } = await sluice('models')
  assert.match(stdout, /PARAMETERS.*NAME/)
  assert.match(stdout, /1\.2B.*Q8_0.*complete.*one:latest/)
  const lines = (await sluice('models', '--json')).stdout
    .trim()
    .split('\n')
    .map((line): object => JSON.parse(line))
  assert.deepEqual(
    lines.map((line) => Reflect.get(line, 'id')),
    [one, two].map((model) => model.manifestDigest.replace('sha256:', '')),
  )
  const names = lines.map((line) => String(Reflect.get(line, 'name')))

  assert.equal((await sluice('models', '--verify')).code, 0)
  writeFileSync(join(store, 'blobs', largestBlob(two).digest.replace(':', '-')), 'x')
  const checked = await sluice('models', '--verify')
  assert.equal(checked.code, 5)
  const named = await sluice('models', '--verify', '--json', 'none', names[0] ?? '')
  assert.deepEqual([named.code, typesIn(named.stdout)], [9, ['error', 'check']])
  assert.match(checked.stdout, /one:latest: verified\n.*two:latest: damaged\n {2}sha256:[0-9a-f]{64}: another size/)

  const removed = await sluice('models', 'rm', names[0] ?? '')
  assert.equal(removed.code, 0, removed.stderr)
  assert.match(removed.stderr, /removed, .* freed/)
  assert.equal(readdirSync(join(store, 'blobs')).length, two.blobs.length)
  assert.equal((await sluice('models', 'rm', 'one')).code, 9)
  const both = await sluice('models', '--json', 'rm', 'none', names[1] ?? '')
  assert.deepEqual([both.code, typesIn(both.stdout)], [9, ['error', 'removed']])
  assert.deepEqual(readdirSync(join(store, 'blobs')), [])
  assert.match((await sluice('models')).stderr, /^No models in /)
})

function typesIn(stdout: string): unknown[] {
  const lines = stdout.trim().split('\n')
  return lines.map((line): unknown => Reflect.get(JSON.parse(line), 'type'))
}

test('a zip is installed, and its store told', async (t) => {
  const { cwd, store, sluice } = placeOf(temporaryFolder(t))
  assert.equal((await sluice('pull', '--zip', 'one.zip', 'one')).stdout, `${join(cwd, 'one.zip')}\n`)
  assert.equal(existsSync(store), false)
  const done = await sluice('unzip', 'one.zip')
  assert.deepEqual([done.code, done.stdout], [0, `${store}\n`])
  assert.match(done.stderr, /one:latest: installed, .* verified/)
  assert.deepEqual(await checkOllamaStore(store), [])
  assert.equal((await sluice('unzip')).code, 2)
  assert.equal((await sluice('unzip', 'none.zip')).code, 9)
})

test('what a killed unzip left is gone with the next one or a pull; that of a running one stays', async (t) => {
  const { cwd, store, sluice } = placeOf(temporaryFolder(t))
  assert.equal((await sluice('pull', '--zip', 'one.zip', 'one')).code, 0)
  const unpacked = (): string[] =>
    readdirSync(join(store, '.sluice/partial')).filter((name) => name.startsWith('unzip-'))
  const long = new Date(0)
  for (const next of [
    ['unzip', 'one.zip'],
    ['pull', 'two'],
  ]) {
    rmSync(store, { recursive: true, force: true })
    const other = await stuckUnzip(t, join(cwd, 'one.zip'), store)
    const [name = ''] = unpacked()
    utimesSync(join(store, '.sluice/partial', name), long, long)
    assert.equal((await sluice(...next)).code, 0)
    assert.equal((await sluice('models', 'leftovers', 'rm')).code, 0)
    assert.deepEqual(unpacked(), [name])
    await other.kill()
    assert.equal((await sluice(...next)).code, 0)
    assert.deepEqual(unpacked(), [])
  }
})

test('what is no model of ollama does not go elsewhere when a models folder is given', async (t) => {
  const { cwd, sluice } = placeOf(temporaryFolder(t))
  for (const more of [[], ['--dry-run']]) {
    const { code, stdout, stderr } = await sluice('pull', '--models-dir', 'store', 'team/files', ...more)
    assert.deepEqual([code, stdout, readdirSync(cwd)], [2, '', []])
    assert.match(stderr, /team\/files is no model of ollama.*\n.*--files DIR/)
  }
  assert.equal((await sluice('pull', '--models-dir', 'store', '--files', 'out', 'team/files')).code, 0)
  assert.equal((await sluice('pull', 'team/files')).code, 0)
  assert.deepEqual(readdirSync(cwd).sort(), ['out', 'read.me'])
})

test('a dry run tells sizes and addresses, and writes nothing', async (t) => {
  const { cwd, sluice } = placeOf(temporaryFolder(t))
  const { code, stdout } = await sluice('pull', '--dry-run', 'one')
  assert.equal(code, 0)
  assert.match(stdout, /missing: .*KiB/)
  assert.match(stdout, /model +http:.*\/v2\/library\/one\/blobs\/sha256:/)
  assert.deepEqual(readdirSync(cwd), [])
})

test('what cannot be is said before anything is asked', async (t) => {
  const { sluice } = placeOf(temporaryFolder(t))
  for (const [args, code, words] of [
    [['pull'], 2, /no model was given/],
    [['pull', '--zip', 'a.zip', 'one', 'two'], 2, /single model/],
    [['pull', '--zip', '.', 'one'], 2, /is a folder[^]*--zip one\.zip/],
    [['pull', '--zip', 'new/', 'one'], 2, /is a folder[^]*--zip new\/one\.zip/],
    [['pull', '--zip', 'a.zip', '--files', 'x', 'one'], 2, /exclude each other/],
    [['pull', 'one', '../two'], 2, /\.\./],
    [['pull', '--platform', 'linux', 'one'], 2, /platform/i],
    [['pull', '--registry', 'ftp://x', 'one'], 2, /registry/i],
    [['pull', 'none'], 9, /not found/i],
    [['models', 'sing'], 2, /no "sluice models sing"/],
  ] as const) {
    const { code: exit, stderr } = await sluice(...args)
    assert.equal(exit, code, `${args.join(' ')}: ${stderr}`)
    assert.match(stderr, words)
  }
})

test('another file of the name of the zip is left where that is asked for, and said to be', async (t) => {
  const { cwd, sluice } = placeOf(temporaryFolder(t))
  writeFileSync(join(cwd, 'one.zip'), 'mine')
  const { code, stderr } = await sluice('pull', '--zip', 'one.zip', '--if-exists', 'skip', 'one')
  assert.equal(code, 0)
  assert.match(stderr, /one\.zip is something else; it was left as it is/)
})

test('leftovers of pulls are told, and removed when they are old', async (t) => {
  const { store, sluice } = placeOf(temporaryFolder(t))
  const partial = join(store, '.sluice/partial')
  mkdirSync(partial, { recursive: true })
  for (const name of ['old', 'new']) writeFileSync(join(partial, `sha256-${name}.part`), 'x')
  utimesSync(join(partial, 'sha256-old.part'), 1, 1)
  assert.match((await sluice('models', 'leftovers')).stderr, /^2 leftovers/)
  assert.match((await sluice('models', 'leftovers', 'rm')).stdout, /sha256-old\.part/)
  assert.deepEqual(readdirSync(partial), ['sha256-new.part'])
})
