import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from '../core/errors.ts'
import { openSecrets } from './secrets.ts'

const key = 'ab'.repeat(32)
let base: string
let count = 0

before(async () => {
  base = await mkdtemp(join(tmpdir(), 'sluice-secrets-'))
})
after(() => rm(base, { recursive: true }))

async function folder(): Promise<string> {
  return mkdtemp(join(base, `${count++}-`))
}

const isUsage = (error: unknown): boolean => error instanceof SluiceError && error.code === 'usage'

test('what was sealed opens again, also after a restart', async () => {
  const dir = await folder()
  const value = { url: 'https://u:p@h/', headers: { a: 'ü' }, none: null }
  const sealed = (await openSecrets(dir, {})).seal('download:dl-1', value)
  assert.deepEqual((await openSecrets(dir, {})).open('download:dl-1', sealed), value)
})

test('the key file is made once, closed to others', async () => {
  const dir = await folder()
  await openSecrets(dir, {})
  const path = join(dir, 'credentials.key')
  const text = await readFile(path, 'utf8')
  assert.match(text, /^[0-9a-f]{64}\n$/)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  await openSecrets(dir, {})
  assert.equal(await readFile(path, 'utf8'), text)
})

test('a key file open to others is closed, with a warning', async () => {
  const dir = await folder()
  await openSecrets(dir, {})
  const path = join(dir, 'credentials.key')
  await chmod(path, 0o644)
  const warnings: string[] = []
  await openSecrets(dir, {}, (message) => warnings.push(message))
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.match(warnings.join(), /could be read by other users/)
})

test('a key file without a key is an error that says what removing it means, and it stays as it is', async () => {
  const dir = await folder()
  const path = join(dir, 'credentials.key')
  for (const text of ['', 'abc', 'ab'.repeat(33)]) {
    await writeFile(path, text, { mode: 0o600 })
    await assert.rejects(
      openSecrets(dir, {}),
      (error) => isUsage(error) && /are lost/.test((error as SluiceError).hint),
    )
    assert.equal(await readFile(path, 'utf8'), text)
  }
  await assert.rejects(openSecrets(join(dir, 'missing'), {}), { code: 'disk-permission' })
})

test('a key of the environment is used instead of the file, in hex or base64', async () => {
  const dir = await folder()
  const sealed = (await openSecrets(dir, { SLUICE_KEY: key })).seal('c', 1)
  const base64 = Buffer.from(key, 'hex').toString('base64')
  assert.equal((await openSecrets(dir, { SLUICE_KEY: base64 })).open('c', sealed), 1)
  await assert.rejects(stat(join(dir, 'credentials.key')), { code: 'ENOENT' })
  for (const wrong of ['x', key.slice(2), `${key}00`, base64.slice(4)])
    await assert.rejects(
      openSecrets(dir, { SLUICE_KEY: wrong }),
      (error) => isUsage(error) && !(error as SluiceError).message.includes(wrong.slice(1) || '!'),
    )
})

test('another key, another context or any changed byte is found out', async () => {
  const dir = await folder()
  const secrets = await openSecrets(dir, { SLUICE_KEY: key })
  const other = await openSecrets(dir, { SLUICE_KEY: 'cd'.repeat(32) })
  const sealed = secrets.seal('webhook:wh-1', 'geheim')
  assert.throws(() => other.open('webhook:wh-1', sealed), isUsage)
  assert.throws(() => secrets.open('webhook:wh-2', sealed), isUsage)
  for (let index = 0; index < sealed.length; index++) {
    const changed = Uint8Array.from(sealed, (byte, place) => (place === index ? byte ^ 1 : byte))
    assert.throws(() => secrets.open('webhook:wh-1', changed), isUsage, `byte ${index}`)
    assert.throws(() => secrets.open('webhook:wh-1', sealed.subarray(0, index)), isUsage, `cut at ${index}`)
  }
})

test('nothing is readable in what is sealed, and the same value never looks the same', async () => {
  const secrets = await openSecrets(await folder(), { SLUICE_KEY: key })
  const [one, two] = [secrets.seal('c', 'geheim geheim'), secrets.seal('c', 'geheim geheim')]
  assert.doesNotMatch(Buffer.from(one).toString('latin1'), /geheim/)
  assert.notDeepEqual(one, two)
})

test('property: any JSON comes back as it was', async () => {
  const secrets = await openSecrets(await folder(), { SLUICE_KEY: key })
  fc.assert(
    fc.property(fc.string(), fc.json(), (context, json) => {
      const value: unknown = JSON.parse(json)
      assert.deepEqual(secrets.open(context, secrets.seal(context, value)), value)
    }),
  )
})
