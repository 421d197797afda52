import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { gnuPart, paxPart, tarBytes } from '../../../test/support/tar-bytes.ts'
import type { TarPart } from '../../../test/support/tar-bytes.ts'
import { unpackLab } from '../../../test/support/unpack-lab.ts'
import { zipBytes } from '../../../test/support/zip-bytes.ts'
import { unpackArchive } from './unpack-archive.ts'

const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex')
const unix = (bits: number): { attributes: number } => ({ attributes: (bits << 16) >>> 0 })

/** A release as GNU tar packs it: a stray top, files, and links of links. */
const top = 'llama-b7486'
const release: TarPart[] = [
  { name: './', type: '5', mode: 0o755 },
  { name: `${top}/`, type: '5', mode: 0o755 },
  { name: `${top}/libllama.so`, type: '2', target: 'libllama.so.0' },
  { name: `${top}/libllama.so.0`, type: '2', target: 'libllama.so.0.0.7486' },
  { name: `${top}/libllama.so.0.0.7486`, data: '\x7fELF llama', mode: 0o755 },
  { name: `${top}/libggml.so`, type: '2', target: './libggml.so.0' },
  { name: `${top}/libggml.so.0`, type: '2', target: `../${top}/libggml.so.0.9.4` },
  { name: `${top}/libggml.so.0.9.4`, data: '\x7fELF ggml', mode: 0o755 },
  { name: `${top}/LICENSE`, data: 'MIT', mode: 0o644 },
]
const releaseTree = {
  [`${top}/`]: '',
  [`${top}/libllama.so`]: ' -> libllama.so.0',
  [`${top}/libllama.so.0`]: ' -> libllama.so.0.0.7486',
  [`${top}/libllama.so.0.0.7486`]: '\x7fELF llama',
  [`${top}/libggml.so`]: ' -> ./libggml.so.0',
  [`${top}/libggml.so.0`]: ` -> ../${top}/libggml.so.0.9.4`,
  [`${top}/libggml.so.0.9.4`]: '\x7fELF ggml',
  [`${top}/LICENSE`]: 'MIT',
}
const half = 1500

for (const [what, bytes] of [
  ['a tar.gz', gzipSync(tarBytes(release))],
  ['a tar', tarBytes(release)],
  ['a tar.zst', zstdCompressSync(tarBytes(release))],
  [
    'a tar.gz of several members',
    Buffer.concat([gzipSync(tarBytes(release).subarray(0, half)), gzipSync(tarBytes(release).subarray(half))]),
  ],
  ['a tar filled up with zeros', tarBytes(release, Buffer.alloc(10_240))],
] as const) {
  test(`${what} is unpacked with all its links, as written`, async (t) => {
    const lab = unpackLab(t)
    const { entries, bytes: written } = await lab.unpack(bytes)
    assert.deepEqual(lab.tree(), releaseTree)
    assert.equal(written, 10 + 9 + 3)
    assert.deepEqual(
      entries.map(({ path }) => path),
      Object.keys(releaseTree).slice(1).sort(),
    )
    assert.deepEqual(entries[0], { path: `${top}/LICENSE`, kind: 'file', size: 3, sha256: sha256('MIT'), mode: 0o644 })
    assert.deepEqual(entries[4], {
      path: `${top}/libllama.so`,
      kind: 'link',
      size: 0,
      sha256: '',
      mode: 0o755,
      target: 'libllama.so.0',
    })
    assert.deepEqual(entries[6], {
      path: `${top}/libllama.so.0.0.7486`,
      kind: 'file',
      size: 10,
      sha256: sha256('\x7fELF llama'),
      mode: 0o755,
    })
  })
}

test('links become copies where the disk has none', async (t) => {
  const lab = unpackLab(t)
  const { entries, bytes } = await lab.unpack(gzipSync(tarBytes(release)), { copyLinks: true })
  const tree = lab.tree()
  assert.equal(tree[`${top}/libllama.so`], '\x7fELF llama')
  assert.equal(tree[`${top}/libggml.so`], '\x7fELF ggml')
  assert.equal(bytes, 3 * 10 + 3 * 9 + 3)
  assert.ok(entries.every(({ kind, target }) => kind === 'file' && target === undefined))
  const copy = entries.find(({ path }) => path === `${top}/libllama.so`)
  assert.deepEqual([copy?.size, copy?.sha256, copy?.mode], [10, sha256('\x7fELF llama'), 0o755])
})

test('a zip with links, as zip -y makes it, and one with copies are unpacked', async (t) => {
  const lab = unpackLab(t)
  const library = { data: '\x7fELF'.repeat(500), deflate: true, says: unix(0o100755) }
  const link = (name: string, data: string): object => ({ name: `build/bin/${name}`, data, says: unix(0o120777) })
  await lab.unpack(
    zipBytes([
      { name: 'build/', says: unix(0o040755) },
      { name: 'build/bin/', says: unix(0o040755) },
      { name: '', ...link('libllama.so', 'libllama.so.0') },
      { name: '', ...link('libllama.so.0', 'libllama.so.0.0.7224') },
      { name: 'build/bin/libllama.so.0.0.7224', ...library },
      { name: 'build/bin/LICENSE', data: 'MIT', says: unix(0o100644) },
    ]),
  )
  assert.deepEqual(lab.tree(), {
    'build/': '',
    'build/bin/': '',
    'build/bin/LICENSE': 'MIT',
    'build/bin/libllama.so': ' -> libllama.so.0',
    'build/bin/libllama.so.0': ' -> libllama.so.0.0.7224',
    'build/bin/libllama.so.0.0.7224': '\x7fELF'.repeat(500),
  })

  const copies = unpackLab(t)
  const names = ['libllama.so', 'libllama.so.0', 'libllama.so.0.0.7021']
  const { entries } = await copies.unpack(zipBytes(names.map((name) => ({ name: `build/bin/${name}`, ...library }))))
  assert.deepEqual(
    entries.map(({ path, kind, mode }) => [path, kind, mode]),
    names.map((name) => [`build/bin/${name}`, 'file', 0o755]),
  )
})

test('a zip of Windows is unpacked, with backslashes too, and none of its files can be run', async (t) => {
  const lab = unpackLab(t)
  const says = { host: 0, attributes: 0x20 }
  const { entries } = await lab.unpack(
    zipBytes([
      { name: 'llama.dll', data: 'MZ', says },
      { name: 'licenses\\LICENSE-curl', data: 'curl', says },
      { name: 'empty\\', says: { host: 0, attributes: 0x10 } },
    ]),
  )
  assert.deepEqual(lab.tree(), {
    'empty/': '',
    'licenses/': '',
    'licenses/LICENSE-curl': 'curl',
    'llama.dll': 'MZ',
  })
  assert.deepEqual(
    entries.map(({ mode }) => mode),
    [0o644, 0o644],
  )
})

test('modes are 0755 or 0644, whatever the archive says, and the folder is ours alone', async (t) => {
  const lab = unpackLab(t)
  const modes = [0o4755, 0o2755, 0o1777, 0o6711, 0o644, 0o600, 0o666, 0o000, 0o100]
  const { entries } = await lab.unpack(tarBytes(modes.map((mode, i) => ({ name: `f${i}`, mode, data: 'x' }))))
  const expected = [0o755, 0o755, 0o755, 0o755, 0o644, 0o644, 0o644, 0o644, 0o755]
  assert.deepEqual(
    entries.map(({ mode }) => mode),
    expected,
  )
  const umask = process.umask()
  for (const [i, mode] of expected.entries())
    assert.equal(lstatSync(join(lab.into, `f${i}`)).mode & 0o7777, mode & ~umask)
  assert.equal(lstatSync(lab.into).mode & 0o7777, 0o700 & ~umask)
})

test('long names of PAX and GNU tar are taken, comments and attributes left out', async (t) => {
  const lab = unpackLab(t)
  const deep = `${'d'.repeat(120)}/${'n'.repeat(200)}`
  const other = `${'o'.repeat(120)}/`.repeat(3) + 'h\u00e9'
  const target = `../${'o'.repeat(120)}/`.slice(0, -1) + `/${'o'.repeat(120)}/${'o'.repeat(120)}/h\u00e9`
  await lab.unpack(
    tarBytes([
      paxPart({ comment: 'f1b8c3c1' }, 'g'),
      paxPart({ path: deep, mtime: '1.5', 'SCHILY.xattr.user.x': 'a\0b', size: '5' }),
      { name: 'd', data: 'first' },
      gnuPart('L', other),
      { name: 'o', data: 'second' },
      gnuPart('K', target),
      gnuPart('L', `l/${'k'.repeat(150)}`),
      { name: 'l', type: '2', target: 'cut' },
      { name: 'ustar', prefix: 'p'.repeat(150), data: 'third' },
    ]),
  )
  const files = Object.entries(lab.tree()).filter(([path]) => !path.endsWith('/'))
  assert.deepEqual(Object.fromEntries(files), {
    [deep]: 'first',
    [other]: 'second',
    [`l/${'k'.repeat(150)}`]: ` -> ${target}`,
    [`${'p'.repeat(150)}/ustar`]: 'third',
  })
})

test('a hard link to an earlier file becomes a file of its own', async (t) => {
  const lab = unpackLab(t)
  const { entries } = await lab.unpack(
    tarBytes([
      { name: './a', data: 'first', mode: 0o755 },
      { name: './d/b', type: '1', target: './a' },
      { name: './c', type: '1', target: 'd/b' },
    ]),
  )
  assert.deepEqual(lab.tree(), { a: 'first', c: 'first', 'd/': '', 'd/b': 'first' })
  assert.equal(lstatSync(join(lab.into, 'a')).nlink, 1)
  assert.deepEqual(
    entries.map(({ mode, sha256: hex }) => [mode, hex]),
    Array.from({ length: 3 }, () => [0o755, sha256('first')]),
  )
})

/** b9165 to b9172: what should have changed names changed the targets of links too. */
const broken: TarPart[] = [
  { name: 'llama-b9165/libllama.so', type: '2', target: 'llama-b9165ibllama.so.0' },
  { name: 'llama-b9165/libllama.so.0', type: '2', target: 'llama-b9165ibllama.so.0.0.9165' },
  { name: 'llama-b9165/libllama.so.0.0.9165', data: 'llama' },
  { name: 'llama-b9165/right.so', type: '2', target: 'libllama.so.0.0.9165' },
]
const mendLinks = (_: string, target: string): string | null =>
  target.startsWith('llama-b9165') ? target.replace('llama-b9165', 'l') : null

test('broken links are refused, or mended where somebody knows how, with a warning for each', async (t) => {
  const lab = unpackLab(t)
  await lab.refuses(tarBytes(broken), /"llama-b9165\/libllama.so".*leads to nothing/)
  const [asked, warnings]: [string[], string[]] = [[], []]
  await lab.unpack(tarBytes(broken), {
    mendLinks: (path, target) => {
      asked.push(path)
      return mendLinks(path, target)
    },
    onWarning: (message) => warnings.push(message),
  })
  assert.equal(lab.tree()['llama-b9165/libllama.so'], ' -> libllama.so.0')
  assert.equal(lab.tree()['llama-b9165/libllama.so.0'], ' -> libllama.so.0.0.9165')
  assert.deepEqual(asked, ['llama-b9165/libllama.so', 'llama-b9165/libllama.so.0'])
  assert.equal(warnings.length, 2)
  assert.match(warnings[0]!, /"llama-b9165\/libllama\.so".*mended.*"libllama\.so\.0"/)
})

test('a mended link is checked as any other', async (t) => {
  const lab = unpackLab(t)
  for (const target of ['/etc/passwd', '../../outside/canary', 'nothing']) {
    await lab.refuses(tarBytes(broken), /"llama-b9165\/libllama.so".*(?:absolute|out of|nothing)/, {
      mendLinks: () => target,
    })
  }
})

test('what is not wanted stays out, and is checked all the same', async (t) => {
  const lab = unpackLab(t)
  const wanted = (path: string): boolean => /\.so/.test(path)
  const warnings: string[] = []
  const { entries } = await lab.unpack(tarBytes([...release, { name: 'bin/tool', data: 'x'.repeat(5000) }]), {
    wanted,
    onWarning: (message) => warnings.push(message),
  })
  const { [`${top}/LICENSE`]: _, ...libraries } = releaseTree
  assert.deepEqual(lab.tree(), libraries)
  assert.equal(entries.length, 6)
  assert.deepEqual(warnings, [])

  const other = unpackLab(t)
  const left: string[] = []
  const strays: TarPart[] = [
    { name: 'tool', data: 'x' },
    { name: 'a.so', type: '2', target: 'tool' },
    { name: 'b.so', type: '1', target: 'tool' },
  ]
  await other.unpack(tarBytes(strays), { wanted, onWarning: (message) => left.push(message) })
  assert.deepEqual(other.tree(), {})
  assert.deepEqual(
    left.map((message) => /^The link "(.*?)"/.exec(message)?.[1]),
    ['b.so', 'a.so'],
  )
  const refusing = unpackLab(t)
  await refusing.refuses(tarBytes([{ name: '../tool', data: 'x' }]), /leads elsewhere/, { wanted })
  await refusing.refuses(tarBytes([{ name: 'tool', type: '2', target: '/etc' }]), /absolute/, { wanted })
  await refusing.refuses(zipBytes([{ name: 'tool', data: 'x', says: { crc: 1 } }]), /damaged/, { wanted })
})

test('what tar of the system and tar-stream pack is unpacked', async (t) => {
  const lab = unpackLab(t)
  const from = join(lab.dir, 'from')
  mkdirSync(join(from, 'build', 'bin'), { recursive: true })
  writeFileSync(join(from, 'build', 'bin', 'libx.so.1'), 'content'.repeat(1000), { mode: 0o755 })
  execFileSync('ln', ['-s', 'libx.so.1', join(from, 'build', 'bin', 'libx.so')])
  const expected = {
    'build/': '',
    'build/bin/': '',
    'build/bin/libx.so': ' -> libx.so.1',
    'build/bin/libx.so.1': 'content'.repeat(1000),
  }
  const formats = ['gnu', 'pax', 'ustar'].map((format) => ['tar', '-cz', `--format=${format}`, '-f-', '.'])
  for (const [index, [program, ...args]] of formats.entries()) {
    const one = unpackLab(t)
    await one.unpack(execFileSync(program!, args, { cwd: from }))
    assert.deepEqual(one.tree(), expected, String(index))
  }

  const packed = pack()
  packed.entry({ name: 'build', type: 'directory' })
  packed.entry({ name: `build/${'\u00e9'.repeat(60)}` }, 'long')
  packed.finalize()
  const pieces: Uint8Array[] = []
  for await (const piece of packed) if (piece instanceof Uint8Array) pieces.push(piece)
  await lab.unpack(Buffer.concat(pieces))
  assert.deepEqual(lab.tree(), { 'build/': '', [`build/${'\u00e9'.repeat(60)}`]: 'long' })
})

test('archives inside are files like others', async (t) => {
  const lab = unpackLab(t)
  const inner = gzipSync(tarBytes([{ name: '../evil', data: 'x' }]))
  await lab.unpack(tarBytes([{ name: 'inner.tar.gz', data: inner }]))
  assert.deepEqual(lab.tree(), { 'inner.tar.gz': inner.toString('latin1') })
})

test('a page of a server, a folder and a missing file are told apart', async (t) => {
  const lab = unpackLab(t)
  for (const page of ['<!DOCTYPE html><p>Log in', '  \n<?xml version="1.0"?>', '{"message":"Not Found"}', '\ufeff[1]'])
    await assert.rejects(lab.unpack(Buffer.from(page)), { code: 'not-the-file', message: /error page/ })
  await assert.rejects(unpackArchive({ archive: lab.outside, into: lab.into }), { code: 'bad-archive' })
  await assert.rejects(unpackArchive({ archive: join(lab.dir, 'no'), into: lab.into }), { code: 'not-found' })
  assert.equal(existsSync(lab.into), false)
})

test('a folder that is there is neither used nor removed', async (t) => {
  const lab = unpackLab(t)
  mkdirSync(lab.into)
  await assert.rejects(lab.unpack(tarBytes(release)), { code: 'target-exists' })
  assert.deepEqual(readdirSync(lab.into), [])
  await assert.rejects(lab.unpack(tarBytes(release), { into: join(lab.dir, 'no', 'into') }), { code: 'disk' })
})

test('a stop at any moment rejects with its reason, and leaves no folder and no open file', async (t) => {
  const lab = unpackLab(t)
  const archives = [
    gzipSync(tarBytes([...release, { name: 'large', data: Buffer.alloc(3_000_000, 'x') }])),
    zipBytes(release.map(({ name }, i) => ({ name: `${String(name)}${i}`.replace(/\.?\//g, '-'), data: 'x' }))),
  ]
  const open = (): number => readdirSync('/proc/self/fd').length
  const before = open()
  for (const bytes of archives) {
    for (let at = 0; at < 9; at++) {
      const stop = new AbortController()
      const reason = new Error('stopped')
      let asked = 0
      const wanted = (): boolean => {
        if (asked++ === at) stop.abort(reason)
        return true
      }
      await assert.rejects(lab.unpack(bytes, { wanted, signal: stop.signal }), reason)
      assert.equal(existsSync(lab.into), false)
    }
    await assert.rejects(lab.unpack(bytes, { signal: AbortSignal.abort(new Error('early')) }), /early/)
  }
  // Closing takes some turns of the event loop.
  for (let turns = 0; turns < 1000 && open() !== before; turns++) await setImmediate()
  assert.equal(open(), before)
})

test('3000 small files take seconds, not minutes', async (t) => {
  const lab = unpackLab(t)
  const parts = Array.from({ length: 3000 }, (_, i) => ({ name: `d${i % 50}/f${i}`, data: `content ${i}` }))
  const begin = performance.now()
  const { entries } = await lab.unpack(gzipSync(tarBytes(parts)))
  assert.equal(entries.length, 3000)
  assert.ok(performance.now() - begin < 20_000)
})
