import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { llamaReleases, releaseAssets } from '../../test/support/llama-releases.ts'
import { allTargets, parseTarget } from './llama-target.ts'
import { chooseReleaseAsset, type AssetChoice, type AssetRequest } from './release-choice.ts'

type Options = Partial<Pick<AssetRequest, 'libc' | 'pattern'>>

function ask(
  repositoryName: string,
  names: readonly string[],
  platform = 'linux/amd64',
  options: Options = {},
): AssetChoice {
  return chooseReleaseAsset({ assets: releaseAssets(names), target: parseTarget(platform), repositoryName, ...options })
}

/** The name chosen, or the candidates in parentheses, or '-'. */
function chosen(choice: AssetChoice): string {
  if (choice.kind === 'one') return choice.asset.name
  return choice.kind === 'many' ? `(${choice.candidates.map(({ name }) => name).join(' ')})` : '-'
}

function expand(text: string): string[] {
  const match = /^(.*?)\{([^}]*)\}(.*)$/.exec(text)
  if (match === null) return [text]
  const [, before = '', words = '', after = ''] = match
  return words.split(',').flatMap((word) => expand(`${before}${word}${after}`))
}

const platforms = ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64', 'windows/arm64']

test('the right file is chosen for each platform in the usual shapes of releases', () => {
  const table: Array<[repository: string, names: string, expected: string[]]> = [
    // words as uname has them, with signatures
    [
      'tool',
      'tool-1.2.3-{linux-x86_64,linux-aarch64,macos-arm64,windows-x86_64}.tar.gz{,.asc}',
      [
        'tool-1.2.3-linux-x86_64.tar.gz',
        'tool-1.2.3-linux-aarch64.tar.gz',
        '-',
        'tool-1.2.3-macos-arm64.tar.gz',
        'tool-1.2.3-windows-x86_64.tar.gz',
        '-',
      ],
    ],
    // GoReleaser
    [
      'tool',
      'tool_1.2.3_{Linux_x86_64,Linux_arm64,Linux_i386,Linux_armv6,Darwin_all,freebsd_amd64}.tar.gz tool_1.2.3_Windows_{x86_64,arm64}.zip tool_1.2.3_{linux_amd64,linux_arm64}.{deb,rpm,apk} checksums.txt checksums.txt.sig tool_1.2.3_Linux_x86_64.tar.gz.sbom.json',
      [
        'tool_1.2.3_Linux_x86_64.tar.gz',
        'tool_1.2.3_Linux_arm64.tar.gz',
        'tool_1.2.3_Darwin_all.tar.gz',
        'tool_1.2.3_Darwin_all.tar.gz',
        'tool_1.2.3_Windows_x86_64.zip',
        'tool_1.2.3_Windows_arm64.zip',
      ],
    ],
    // words that have grown together
    [
      'tool',
      'ToolLinuxX64.zip ToolLinuxArm64.zip ToolMacOS.zip ToolWin64.zip OpenMacro.txt',
      ['ToolLinuxX64.zip', 'ToolLinuxArm64.zip', 'ToolMacOS.zip', 'ToolMacOS.zip', 'ToolWin64.zip', '-'],
    ],
    // Rust triples
    [
      'tool',
      'tool-v1.2.3-{x86_64-unknown-linux-gnu,x86_64-unknown-linux-musl,aarch64-unknown-linux-gnu,arm-unknown-linux-gnueabihf,i686-unknown-linux-gnu,x86_64-apple-darwin,aarch64-apple-darwin,aarch64-linux-android}.tar.gz{,.sha256} tool-v1.2.3-{x86_64-pc-windows-msvc,x86_64-pc-windows-gnu,aarch64-pc-windows-msvc}.zip tool_1.2.3_amd64.deb',
      [
        'tool-v1.2.3-x86_64-unknown-linux-gnu.tar.gz',
        'tool-v1.2.3-aarch64-unknown-linux-gnu.tar.gz',
        'tool-v1.2.3-x86_64-apple-darwin.tar.gz',
        'tool-v1.2.3-aarch64-apple-darwin.tar.gz',
        'tool-v1.2.3-x86_64-pc-windows-msvc.zip',
        'tool-v1.2.3-aarch64-pc-windows-msvc.zip',
      ],
    ],
    // bare programs
    [
      'tool',
      'tool-{linux,darwin,windows}-{amd64,arm64} tool-linux-{386,arm,s390x} tool-windows-amd64.exe sha256sum.txt',
      [
        'tool-linux-amd64',
        'tool-linux-arm64',
        'tool-darwin-amd64',
        'tool-darwin-arm64',
        'tool-windows-amd64.exe',
        'tool-windows-arm64',
      ],
    ],
    // flavours of one build
    [
      'tool',
      'tool-linux-x64{,-baseline,-musl,-musl-baseline,-profile}.zip tool-linux-aarch64{,-musl}.zip tool-darwin-{x64,aarch64}{,-profile}.zip tool-windows-x64{,-baseline}.zip SHASUMS256.txt SHASUMS256.txt.asc',
      [
        'tool-linux-x64.zip',
        'tool-linux-aarch64.zip',
        'tool-darwin-x64.zip',
        'tool-darwin-aarch64.zip',
        'tool-windows-x64.zip',
        '-',
      ],
    ],
    // words run together, odd spellings
    [
      'tool',
      'tool-{linux64,linux-i386,osx-amd64,macos-arm64,win64.exe,win32.exe}',
      ['tool-linux64', '-', 'tool-osx-amd64', 'tool-macos-arm64', 'tool-win64.exe', '-'],
    ],
    [
      'tool',
      'tool-30.1-{linux-aarch_64,linux-x86_32,linux-x86_64,linux-ppcle_64,linux-s390_64,osx-universal_binary,win32,win64}.zip tool-30.1.{tar.gz,zip}',
      [
        'tool-30.1-linux-x86_64.zip',
        'tool-30.1-linux-aarch_64.zip',
        'tool-30.1-osx-universal_binary.zip',
        'tool-30.1-osx-universal_binary.zip',
        'tool-30.1-win64.zip',
        '-',
      ],
    ],
    [
      'tool',
      'Tool{LinuxX64,LinuxArm64,MacOSArm64,MacOSX64,WindowsX64}.zip'.replace('Tool{', 'Tool-{'),
      [
        'Tool-LinuxX64.zip',
        'Tool-LinuxArm64.zip',
        'Tool-MacOSX64.zip',
        'Tool-MacOSArm64.zip',
        'Tool-WindowsX64.zip',
        '-',
      ],
    ],
    // installers beside archives
    [
      'editor',
      'edit-linux-{x86_64,arm64}.{appimage,appimage.zsync,tar.gz} edit-macos-{x86_64,arm64}.tar.gz edit-win64.{msi,zip} edit-win-arm64.{msi,zip} shasum.txt',
      [
        'edit-linux-x86_64.tar.gz',
        'edit-linux-arm64.tar.gz',
        'edit-macos-x86_64.tar.gz',
        'edit-macos-arm64.tar.gz',
        'edit-win64.zip',
        'edit-win-arm64.zip',
      ],
    ],
    // one system named without an architecture
    [
      'tool',
      'tool-{linux,macos}.tar.gz tool.exe',
      ['tool-linux.tar.gz', 'tool-linux.tar.gz', 'tool-macos.tar.gz', 'tool-macos.tar.gz', 'tool.exe', 'tool.exe'],
    ],
    // nothing names a system
    [
      'rules',
      'rules-1.0.{tar.gz,zip} rules-1.0-src.tar.gz',
      [
        'rules-1.0.tar.gz',
        'rules-1.0.tar.gz',
        'rules-1.0.tar.gz',
        'rules-1.0.tar.gz',
        'rules-1.0.zip',
        'rules-1.0.zip',
      ],
    ],
    // several programs
    [
      'tool',
      'tool-linux-amd64.tar.gz toolctl-linux-amd64.tar.gz helper-linux-amd64.tar.gz',
      ['tool-linux-amd64.tar.gz', '-', '-', '-', '-', '-'],
    ],
  ]
  for (const [repository, names, expected] of table) {
    const files = names.split(' ').flatMap(expand)
    assert.deepEqual(
      platforms.map((platform) => chosen(ask(repository, files, platform))),
      expected,
      names,
    )
  }
})

test('of equally good files none is chosen, all are told', () => {
  const twins = ['twins-red-linux-x64.tar.gz', 'twins-tan-linux-x64.tar.gz']
  assert.equal(chosen(ask('twins', twins)), `(${twins.join(' ')})`)
  assert.equal(
    chosen(ask('suite', ['client-linux-x64.zip', 'server-linux-x64.zip'])),
    '(client-linux-x64.zip server-linux-x64.zip)',
  )
  assert.match(
    chosen(ask('tool', ['tool-linux-x64-ubuntu20.04.tgz', 'tool-linux-x64-ubuntu22.04.tgz'])),
    /^\(.*20.*22.*\)$/,
  )
  assert.match(chosen(ask('tool', expand('tool-macos{11,14}-arm64.zip'), 'darwin/arm64')), /^\(.*11.*14.*\)$/)
  assert.match(chosen(ask('tool', expand('tool-linux-x64-cuda{11,12}.tar.gz'))), /^\(/)
  assert.equal(chosen(ask('tool', expand('tool-linux-x64{,-cuda11,-cuda12}.tar.gz'))), 'tool-linux-x64.tar.gz')
})

test('the name of the repository, and a system without the name of a distribution, come first', () => {
  assert.equal(chosen(ask('tool', ['other-linux-x64.zip', 'tool-ext-linux-x64.zip'])), 'tool-ext-linux-x64.zip')
  assert.equal(chosen(ask('tool', ['tool-ubuntu-x64.zip', 'tool-linux-x64.zip'])), 'tool-linux-x64.zip')
  assert.equal(
    chosen(ask('tool', ['tool-debian-x64.zip', 'tool-ubuntu-x64.zip'])),
    '(tool-debian-x64.zip tool-ubuntu-x64.zip)',
  )
  assert.equal(chosen(ask('tool', ['tool-ubuntu-x64.zip'])), 'tool-ubuntu-x64.zip')
})

test('Android is no Linux', () => {
  assert.equal(chosen(ask('tool', ['tool-aarch64-linux-android.tar.gz'], 'linux/arm64')), '-')
})

test('only what the C library of the machine can run is taken', () => {
  const both = expand('tool-x86_64-unknown-linux-{gnu,musl}.tar.gz')
  const [gnu = '', musl = ''] = both
  assert.equal(chosen(ask('tool', both)), gnu)
  assert.equal(chosen(ask('tool', both, 'linux/amd64', { libc: 'glibc' })), gnu)
  assert.equal(chosen(ask('tool', both, 'linux/amd64', { libc: 'musl' })), musl)
  assert.equal(chosen(ask('tool', [musl], 'linux/amd64', { libc: 'glibc' })), musl)
  assert.equal(chosen(ask('tool', [gnu], 'linux/amd64', { libc: 'musl' })), '-')
  assert.equal(
    chosen(ask('tool', ['tool-linux-x64.zip', 'tool-linux-x64-musl.zip'], 'linux/amd64', { libc: 'musl' })),
    'tool-linux-x64-musl.zip',
  )
  assert.equal(chosen(ask('tool', ['tool-linux-x64.zip', 'tool-alpine-x64.zip'])), 'tool-linux-x64.zip')
})

test('llama.cpp is not mistaken: neither the CUDA runtime nor special chips nor a GPU build', () => {
  const names = llamaReleases['b11541'] ?? []
  assert.deepEqual(
    platforms.map((platform) => chosen(ask('llama.cpp', names, platform)).replace(/^llama-b11541-bin-/, '')),
    [
      'ubuntu-x64.tar.gz',
      'ubuntu-arm64.tar.gz',
      'macos-x64.tar.gz',
      'macos-arm64.tar.gz',
      'win-cpu-x64.zip',
      'win-cpu-arm64.zip',
    ],
  )
})

test('words count only as a whole: darwin is no win, charm no arm', () => {
  assert.equal(chosen(ask('charm', ['charm-darwin-x64.zip'], 'windows/amd64')), '-')
  assert.equal(chosen(ask('charm', ['charm-linux-x64.zip'])), 'charm-linux-x64.zip')
  assert.equal(chosen(ask('winner', ['winner-linux-x64.zip', 'winner-win-x64.zip'])), 'winner-linux-x64.zip')
  assert.equal(
    chosen(ask('linux-tool', ['linux-tool-darwin-x64.zip', 'linux-tool-linux-x64.zip'], 'darwin/amd64')),
    'linux-tool-darwin-x64.zip',
  )
})

test('a pattern chooses by name, whatever the platform; several matches are still several', () => {
  const names = expand('twins-{red,tan}-linux-x64.tar.gz{,.asc,.sha256}')
  const by = (pattern: string, files = names): string => chosen(ask('twins', files, 'windows/amd64', { pattern }))
  assert.equal(by('*tan*'), 'twins-tan-linux-x64.tar.gz')
  assert.equal(by('TWINS-?an-*.tar.gz'), 'twins-tan-linux-x64.tar.gz')
  assert.equal(by('/tan.*gz$/'), 'twins-tan-linux-x64.tar.gz')
  assert.equal(by('*tan*.asc'), 'twins-tan-linux-x64.tar.gz.asc')
  assert.equal(by('twins-*'), '(twins-red-linux-x64.tar.gz twins-tan-linux-x64.tar.gz)')
  assert.equal(by('*.asc'), '(twins-red-linux-x64.tar.gz.asc twins-tan-linux-x64.tar.gz.asc)')
  assert.equal(by('tan'), '-')
  assert.equal(by('/TAN/i'), 'twins-tan-linux-x64.tar.gz')
  assert.equal(by('a*', ['a*', 'ab']), 'a*')
  for (const pattern of ['', '/(/', 'a'.repeat(201)]) assert.throws(() => by(pattern), { code: 'usage' }, pattern)
})

test('between several files that match a pattern the platform decides, where it can', () => {
  const names = [
    'tool-1-{x86_64,aarch64}-linux-{gnu,musl}.tar.gz',
    'tool-1-{x86_64,aarch64}-darwin.{tar.gz,zip}',
  ].flatMap(expand)
  const by = (pattern: string, platform: string): string => chosen(ask('tool', names, platform, { pattern }))
  assert.equal(by('*musl*', 'linux/arm64'), 'tool-1-aarch64-linux-musl.tar.gz')
  assert.equal(by('*x86_64*', 'darwin/amd64'), 'tool-1-x86_64-darwin.tar.gz')
  assert.equal(by('*.zip', 'darwin/arm64'), 'tool-1-aarch64-darwin.zip')
  assert.equal(by('*musl*', 'windows/amd64'), '(tool-1-x86_64-linux-musl.tar.gz tool-1-aarch64-linux-musl.tar.gz)')
  const twins = ['a-red-linux-x64.zip', 'a-tan-linux-x64.zip', 'a-red-linux-arm64.zip']
  assert.equal(chosen(ask('a', twins, 'linux/amd64', { pattern: 'a-*' })), '(a-red-linux-x64.zip a-tan-linux-x64.zip)')
})

test('a file that is still being uploaded is none', () => {
  const assets = releaseAssets(['tool-linux-x64.zip']).map((asset) => ({ ...asset, uploaded: false }))
  const request = { assets, target: parseTarget('linux/amd64'), repositoryName: 'tool' }
  for (const choice of [chooseReleaseAsset(request), chooseReleaseAsset({ ...request, pattern: '*' })])
    assert.deepEqual(choice, {
      kind: 'none',
      rejected: [{ name: 'tool-linux-x64.zip', reason: 'is still being uploaded' }],
    })
})

test('a choice says why, and what the other files are', () => {
  const choice = ask('tool', [
    'tool-linux-musl.tar.gz',
    'tool-linux-musl.zip',
    'tool-macos.zip',
    'tool-linux.tar.gz.sig',
    'tool.deb',
    'tool-src.zip',
    'tool.zip',
  ])
  assert.ok(choice.kind === 'one')
  assert.deepEqual(choice.why, [
    'tool-linux-musl.tar.gz is for linux/amd64.',
    'It names no architecture.',
    'It is made for musl; such programs mostly run with glibc too.',
    'Of the same build in several formats, tar.gz suits best.',
  ])
  assert.deepEqual(Object.fromEntries(choice.rejected.map(({ name, reason }) => [name, reason])), {
    'tool-linux-musl.zip': 'fits less well',
    'tool-macos.zip': 'is for another system',
    'tool-linux.tar.gz.sig': 'is a signature',
    'tool.deb': 'is an installer or a package of a system',
    'tool-src.zip': 'is source',
    'tool.zip': 'names no system, as others do',
  })
  assert.deepEqual(ask('tool', []), { kind: 'none', rejected: [] })
})

test('property: every file is told exactly once, the order does not matter, and no name breaks or slows it', () => {
  const piece = fc.constantFrom(
    'tool',
    '-',
    '_',
    '.',
    'linux',
    'darwin',
    'win',
    'x64',
    'x86_64',
    'arm64',
    'musl',
    'gnu',
    'red',
    '1',
    '.tar.gz',
    '.zip',
    '.asc',
    'é',
    '\u202e',
  )
  const name = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  )
  const names = fc.uniqueArray(name, { maxLength: 12 })
  fc.assert(
    fc.property(
      names,
      fc.constantFrom(...allTargets),
      fc.constantFrom('glibc', 'musl', null),
      (files, target, libc) => {
        const request = { assets: releaseAssets(files), target, repositoryName: 'tool', libc }
        const choice = chooseReleaseAsset(request)
        const taken = choice.kind === 'one' ? 1 : choice.kind === 'many' ? choice.candidates.length : 0
        assert.equal(taken + choice.rejected.length, files.length)
        assert.ok(choice.kind !== 'many' || taken > 1)
        assert.equal(
          chosen(chooseReleaseAsset({ ...request, assets: releaseAssets(files.toReversed()) })),
          chosen(choice),
        )
      },
    ),
    { numRuns: 2000 },
  )
  const started = process.cpuUsage().user
  const long = ['x86_', '-', 'linux', 'sha256-', '.tar', 'a-', '1.'].map((word) => word.repeat(100_000))
  ask('tool', long)
  ask('tool', long, 'linux/amd64', { pattern: '*a*a*a*a*a*b' })
  ask('tool', ['a'.repeat(300)], 'linux/amd64', { pattern: `${'*a'.repeat(90)}*b` })
  assert.ok(process.cpuUsage().user - started < 1e6)
})
