import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { releaseAssets } from '../../test/support/llama-releases.ts'
import { checksumAsset, parseChecksums } from './checksum-list.ts'

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
const name = 'tool-linux-x64.tar.gz'
const find = (...names: string[]): string | null => checksumAsset(releaseAssets([name, ...names]), name)?.name ?? null

test("a file's own checksum comes before a list, and a list that says SHA-256 before one that does not", () => {
  assert.equal(find('SHA256SUMS', `${name}.sha256`), `${name}.sha256`)
  assert.equal(find('checksums.txt', 'tool-linux-x64.sha256'), 'tool-linux-x64.sha256')
  assert.equal(find('checksums.txt', 'SHA256SUMS'), 'SHA256SUMS')
  assert.equal(find('tool_1.2.3_checksums.txt'), 'tool_1.2.3_checksums.txt')
  assert.equal(find('tool_1.2.3_sha256sums.txt', 'tool_1.2.3_checksums.txt'), 'tool_1.2.3_sha256sums.txt')
  for (const list of [
    'sha256sum.txt',
    'sha256sums.txt',
    'SHA256SUMS.txt',
    'sha256-checksums.txt',
    'checksums-sha256.txt',
    'checksum.txt',
  ])
    assert.equal(find(list), list)
})

test('signatures, other algorithms and checksums of other files are no checksum', () => {
  assert.equal(find(), null)
  assert.equal(
    find(
      'checksums.txt.sig',
      'SHA256SUMS.asc',
      'SHA512SUMS',
      'md5sums.txt',
      'other.tar.gz.sha256',
      `${name}.md5`,
      'checksum-tool.zip',
    ),
    null,
  )
  assert.equal(
    checksumAsset(
      releaseAssets(['checksums.txt']).map((one) => ({ ...one, uploaded: false })),
      name,
    ),
    null,
  )
  assert.equal(checksumAsset(releaseAssets(['checksums.txt']), 'checksums.txt'), null)
})

test('the formats of sha256sum, BSD and a digest alone are read', () => {
  assert.equal(parseChecksums(`${b}  other.zip\r\n${a.toUpperCase()}  ${name}\r\n`, name), a)
  assert.equal(parseChecksums(`${a} *${name}`, name), a)
  assert.equal(parseChecksums(`${a}\t./dist/${name}`, name), a)
  assert.equal(parseChecksums(`${a}  dist\\${name}`, name), a)
  assert.equal(parseChecksums(`SHA256 (${name}) = ${a}\nSHA256 (x) = ${b}`, name), a)
  assert.equal(parseChecksums(`sha256:${a}  ${name}`, name), a)
  assert.equal(parseChecksums(`\ufeff${a.toUpperCase()}\n`, name), a)
  assert.equal(parseChecksums(`# made today\n\n${a}  ${name}`, name), a)
})

test('a list that does not tell the file, or by another algorithm only, tells nothing', () => {
  for (const text of [
    '',
    `${a}  other.zip`,
    `${a}  ${name}.asc`,
    `${'a'.repeat(128)}  ${name}`,
    `${'a'.repeat(63)}  ${name}`,
    `MD5 (${name}) = ${'a'.repeat(32)}`,
    `SHA512 (${name}) = ${'a'.repeat(128)}`,
    '<html></html>',
    `${a}\n${b}`,
  ])
    assert.equal(parseChecksums(text, name), null, text.slice(0, 80))
})

test('two different digests for one file are an error, the same twice is none', () => {
  assert.equal(parseChecksums(`${a}  ${name}\n${a}  x/${name}`, name), a)
  assert.throws(() => parseChecksums(`${a}  ${name}\n${b}  x/${name}`, name), { code: 'digest-mismatch' })
})

test('a list without end is refused, an odd one does not slow it', () => {
  assert.throws(() => parseChecksums('a'.repeat(1024 * 1024 + 1), name), { code: 'answer-too-large' })
  const started = process.cpuUsage().user
  for (const piece of [' ', '\t', '(', ')', 'SHA256 (', `${a} `, '\r', ') = '])
    parseChecksums(`SHA256 (${piece.repeat(Math.floor(1_000_000 / piece.length))}`, name)
  assert.ok(process.cpuUsage().user - started < 1e6)
})

test('property: a list as sha256sum writes it gives the digest of each file', () => {
  const hex = fc.stringMatching(/^[\da-f]{64}$/)
  const files = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[\w.+-]{1,20}$/), hex), {
    minLength: 1,
    selector: ([file]) => file,
  })
  fc.assert(
    fc.property(files, fc.constantFrom('  ', ' *'), fc.constantFrom('\n', '\r\n'), (entries, gap, end) => {
      const text = entries.map(([file, digest]) => digest + gap + file + end).join('')
      for (const [file, digest] of entries) assert.equal(parseChecksums(text, file), digest)
      assert.equal(parseChecksums(text, 'no such file'), null)
    }),
  )
})
