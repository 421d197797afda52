import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amd, machine, nvidia, vulkan } from '../../test/support/hardware-facts.ts'
import { llamaReleases, releaseAssets } from '../../test/support/llama-releases.ts'
import { SluiceError, type ErrorCode } from './errors.ts'
import type { HardwareFacts } from './hardware.ts'
import { chooseAll, chooseLlamaAssets, isComplete, type Choice } from './llama-choice.ts'
import { allTargets, parseTarget } from './llama-target.ts'
import type { ReleaseAsset } from './release.ts'

function releaseOf(tag: string, names = llamaReleases[tag] ?? []): { tag: string; assets: ReleaseAsset[] } {
  return { tag, assets: releaseAssets(names) }
}

function choose(tag: string, platform: string, facts: Partial<HardwareFacts> | null, variant = 'auto'): Choice {
  const target = parseTarget(platform)
  const own = {
    platform: target.os === 'windows' ? 'win32' : target.os,
    arch: target.arch === 'amd64' ? 'x64' : 'arm64',
  }
  return chooseLlamaAssets({
    release: releaseOf(tag),
    target,
    host: facts === null ? null : machine({ ...own, ...facts }),
    variant,
  })
}

/** Main file without what all have, companion, then the variants to fall back to. */
function shown({ main, companion, fallbacks }: Choice): string {
  const short = (name: string): string => name.replace(/^(cudart-)?llama-(?:b\d+-)?bin-/, '$1')
  const runtime = companion === null ? '' : ` + ${short(companion.name)}`
  return `${short(main.name)}${runtime}${fallbacks.map(({ variant }) => ` > ${variant}`).join('')}`
}

function refused(act: () => unknown, code: ErrorCode, words: RegExp): void {
  assert.throws(
    act,
    (error) => error instanceof SluiceError && error.code === code && words.test(error.message),
    String(words),
  )
}

const glibc = (version: string): Partial<HardwareFacts> => ({ libc: { family: 'glibc', version } })

test('the right build is chosen for a machine, over all eras', () => {
  const table: Array<[tag: string, platform: string, facts: Partial<HardwareFacts> | null, expected: string]> = [
    ['b11541', 'linux/amd64', {}, 'ubuntu-x64.tar.gz'],
    ['b11541', 'linux/arm64', glibc('2.39'), 'ubuntu-arm64.tar.gz'],
    [
      'b11541',
      'linux/amd64',
      nvidia('590.44', '13.1', '12.0'),
      'ubuntu-cuda-13.4-x64.tar.gz + cudart-ubuntu-cuda-13.4-x64.tar.gz > cuda-12.8 > cpu',
    ],
    [
      'b11541',
      'linux/amd64',
      { ...nvidia('550.54', '12.4', '8.6'), ...vulkan },
      'ubuntu-cuda-12.8-x64.tar.gz + cudart-ubuntu-cuda-12.8-x64.tar.gz > vulkan > cpu',
    ],
    [
      'b11541',
      'linux/amd64',
      nvidia('580.95', '13.0', '6.1'),
      'ubuntu-cuda-12.8-x64.tar.gz + cudart-ubuntu-cuda-12.8-x64.tar.gz > cpu',
    ],
    ['b11541', 'linux/amd64', { ...nvidia('470.82', '11.4', '8.6'), ...vulkan }, 'ubuntu-vulkan-x64.tar.gz > cpu'],
    ['b11541', 'linux/amd64', nvidia('470.82', '11.4', '8.6'), 'ubuntu-x64.tar.gz'],
    [
      'b11541',
      'linux/arm64',
      { ...glibc('2.39'), ...nvidia('580', '13.0', '12.1') },
      'ubuntu-cuda-13.4-arm64.tar.gz + cudart-ubuntu-cuda-13.4-arm64.tar.gz > cpu',
    ],
    ['b11541', 'windows/amd64', {}, 'win-cpu-x64.zip'],
    [
      'b11541',
      'windows/amd64',
      nvidia('591.1', '13.1', '12.0'),
      'win-cuda-13.4-x64.zip + cudart-win-cuda-13.4-x64.zip > cpu',
    ],
    [
      'b11541',
      'windows/amd64',
      nvidia('560.1', '12.6', '8.9'),
      'win-cuda-12.4-x64.zip + cudart-win-cuda-12.4-x64.zip > cpu',
    ],
    ['b11541', 'windows/amd64', { ...amd('gfx1101'), ...vulkan }, 'win-rocm-10.0-x64.zip > vulkan > cpu'],
    ['b11541', 'windows/amd64', { ...amd('gfx803'), ...vulkan }, 'win-vulkan-x64.zip > cpu'],
    ['b11541', 'windows/arm64', vulkan, 'win-cpu-arm64.zip'],
    ['b11541', 'darwin/arm64', { osVersion: '15.1' }, 'macos-arm64.tar.gz'],
    ['b11541', 'darwin/amd64', { osVersion: '14.0' }, 'macos-x64.tar.gz'],
    ['b10000', 'linux/amd64', { ...nvidia('590', '13.1', '8.6'), ...vulkan }, 'ubuntu-vulkan-x64.tar.gz > cpu'],
    ['b10000', 'linux/amd64', nvidia('590', '13.1', '8.6'), 'ubuntu-x64.tar.gz'],
    ['b10000', 'windows/amd64', amd('gfx1100'), 'win-hip-radeon-x64.zip > cpu'],
    ['b9420', 'darwin/arm64', { osVersion: '26.1' }, 'macos-arm64.tar.gz'],
    ['b9420', 'linux/amd64', amd('gfx90a'), 'ubuntu-rocm-7.2-x64.tar.gz > cpu'],
    ['b9168', 'linux/amd64', {}, 'ubuntu-x64.tar.gz'],
    ['b9168', 'darwin/arm64', {}, 'macos-arm64.tar.gz'],
    ['b7300', 'linux/amd64', vulkan, 'ubuntu-vulkan-x64.tar.gz > cpu'],
    ['b7300', 'linux/amd64', {}, 'ubuntu-x64.tar.gz'],
    ['b6862', 'linux/amd64', {}, 'ubuntu-x64.zip'],
    ['b6862', 'darwin/arm64', {}, 'macos-arm64.zip'],
    ['b6862', 'windows/amd64', {}, 'win-cpu-x64.zip'],
    ['b6862', 'windows/arm64', null, 'win-cpu-arm64.zip'],
    [
      'b5310',
      'windows/amd64',
      nvidia('550', '12.4', '8.6'),
      'win-cuda-cu12.4-x64.zip + cudart-win-cu12.4-x64.zip > cuda-11.7 > cpu',
    ],
    [
      'b5310',
      'windows/amd64',
      nvidia('470', '11.4', '8.6'),
      'win-cuda-cu11.7-x64.zip + cudart-win-cu11.7-x64.zip > cpu',
    ],
    ['b5310', 'windows/amd64', amd('gfx1100'), 'win-hip-x64-gfx1100.zip > cpu'],
    ['b5310', 'windows/amd64', { ...amd('gfx1101'), ...vulkan }, 'win-vulkan-x64.zip > cpu'],
    ['b4410', 'windows/amd64', {}, 'win-avx2-x64.zip > cpu-avx > cpu-noavx'],
    ['b4410', 'windows/arm64', {}, 'win-llvm-arm64.zip > cpu-msvc'],
  ]
  for (const [tag, platform, facts, expected] of table)
    assert.equal(shown(choose(tag, platform, facts)), expected, `${tag} ${platform} ${JSON.stringify(facts)}`)
})

test('a machine on which no build runs is refused, with what it lacks', () => {
  refused(() => choose('b11541', 'linux/amd64', glibc('2.31')), 'unsupported-platform', /glibc 2\.34.*2\.31/)
  refused(() => choose('b11541', 'linux/arm64', glibc('2.36')), 'unsupported-platform', /glibc 2\.38.*2\.36/)
  refused(
    () => choose('b11541', 'linux/amd64', { libc: { family: 'musl', version: null } }),
    'unsupported-platform',
    /musl/,
  )
  refused(() => choose('b9420', 'darwin/arm64', { osVersion: '15.1' }), 'unsupported-platform', /macOS 26.*15\.1/)
  refused(() => choose('b4410', 'linux/amd64', {}), 'unsupported-platform', /b4407 to b4544/)
  refused(() => choose('b4410', 'darwin/arm64', null), 'unsupported-platform', /b4407 to b4544/)
})

test('an incomplete release is an error that names the file and what comes near', () => {
  refused(
    () => choose('b9352', 'linux/amd64', {}),
    'asset-not-found',
    /b9352 has no build for linux\/amd64: llama-b9352-bin-ubuntu-x64\.tar\.gz is missing; there is llama-b9352-bin-ubuntu-arm64/,
  )
  refused(() => choose('b1', 'windows/amd64', {}), 'asset-not-found', /win-avx2-x64\.zip is missing, as are all others/)
})

test('a file that is still being uploaded does not count, and the error says so', () => {
  const { tag, assets } = releaseOf('b11541')
  const uploading = (part: string): { tag: string; assets: ReleaseAsset[] } => ({
    tag,
    assets: assets.map((asset) => ({ ...asset, uploaded: !asset.name.includes(part) })),
  })
  const target = parseTarget('linux/amd64')
  const ask = (part: string, variant: string): Choice =>
    chooseLlamaAssets({ release: uploading(part), target, host: null, variant })
  refused(() => ask('bin-ubuntu-x64', 'auto'), 'asset-not-found', /ubuntu-x64\.tar\.gz is still being uploaded/)
  assert.equal(ask('bin-ubuntu-x64', 'vulkan').variant, 'vulkan')
  assert.deepEqual(
    ask('ubuntu-vulkan-x64', 'auto').rejected.find(({ name }) => name.includes('vulkan-x64.tar')),
    { name: 'llama-b11541-bin-ubuntu-vulkan-x64.tar.gz', reason: 'is still being uploaded' },
  )
  assert.equal(isComplete(uploading('bin-ubuntu-x64'), target), false)
  assert.equal(isComplete(uploading('ubuntu-cuda-13.4-x64'), target), false)
  assert.equal(isComplete(uploading('win-'), target), true)
})

test('a release is complete for a platform when every machine of it finds a build', () => {
  for (const target of allTargets) assert.equal(isComplete(releaseOf('b11541'), target), true)
  assert.equal(isComplete(releaseOf('b9352'), parseTarget('linux/amd64')), false)
  assert.equal(isComplete(releaseOf('b9352'), parseTarget('linux/arm64')), true)
  assert.equal(isComplete(releaseOf('b9352'), parseTarget('windows/amd64')), false)
  assert.equal(isComplete(releaseOf('b4410'), parseTarget('windows/amd64')), true)
  assert.equal(
    isComplete({ tag: 'v0.6.0', assets: releaseAssets(['nightly-tag.txt']) }, parseTarget('linux/amd64')),
    false,
  )
})

test('a CUDA build without its runtime is passed over; asked for, it is an error that says what is missing', () => {
  const { tag, assets } = releaseOf('b11541')
  const release = { tag, assets: assets.filter(({ name }) => !/cudart.*ubuntu-cuda-13\.4-x64/.test(name)) }
  const request = { release, target: parseTarget('linux/amd64'), host: machine(nvidia('590', '13.1', '8.6')) }
  const choice = chooseLlamaAssets({ ...request, variant: 'auto' })
  assert.equal(choice.variant, 'cuda-12.8')
  assert.ok(choice.rejected.some(({ name, reason }) => name.includes('cuda-13.4-x64') && /lacks/.test(reason)))
  assert.equal(chooseLlamaAssets({ ...request, variant: 'cuda' }).variant, 'cuda-12.8')
  refused(
    () => chooseLlamaAssets({ ...request, variant: 'cuda-13.4' }),
    'asset-not-found',
    /cuda-13\.4-x64\.tar\.gz needs the CUDA runtime/,
  )
  assert.ok(!chooseAll(request).some(({ variant }) => variant === 'cuda-13.4'))
})

test('a variant asked for is found by backend, version or name, and never replaced by another', () => {
  const table: Array<[platform: string, variant: string, expected: string]> = [
    ['linux/amd64', 'cpu', 'ubuntu-x64.tar.gz'],
    ['linux/amd64', 'cuda', 'ubuntu-cuda-13.4-x64.tar.gz + cudart-ubuntu-cuda-13.4-x64.tar.gz > cuda-12.8'],
    ['linux/amd64', 'cuda-12', 'ubuntu-cuda-12.8-x64.tar.gz + cudart-ubuntu-cuda-12.8-x64.tar.gz'],
    ['linux/amd64', 'cuda-12.8', 'ubuntu-cuda-12.8-x64.tar.gz + cudart-ubuntu-cuda-12.8-x64.tar.gz'],
    ['linux/amd64', 'vulkan', 'ubuntu-vulkan-x64.tar.gz'],
    ['linux/amd64', 'hip', 'ubuntu-rocm-10.0-x64.tar.gz'],
    ['linux/amd64', 'sycl-fp16', 'ubuntu-sycl-fp16-x64.tar.gz'],
    ['linux/amd64', 'openvino', 'ubuntu-openvino-2026.4.1-x64.tar.gz'],
    ['linux/arm64', 'snapdragon', 'linux-arm64-snapdragon.tar.gz'],
    ['windows/amd64', 'sycl', 'win-sycl-x64.zip'],
    ['windows/arm64', 'opencl', 'win-opencl-adreno-arm64.zip'],
    ['windows/arm64', 'opencl-adreno', 'win-opencl-adreno-arm64.zip'],
    ['windows/arm64', 'vulkan', 'win-vulkan-arm64.zip'],
    ['darwin/arm64', 'metal', 'macos-arm64.tar.gz'],
    ['darwin/arm64', 'cpu', 'macos-arm64.tar.gz'],
  ]
  for (const [platform, variant, expected] of table)
    assert.equal(shown(choose('b11541', platform, null, variant)), expected, `${platform} ${variant}`)
  assert.equal(choose('b9168', 'darwin/arm64', null, 'kleidiai').variant, 'metal-kleidiai')
  assert.equal(choose('b4410', 'windows/amd64', null, 'kompute').variant, 'kompute')
  assert.equal(choose('b4410', 'windows/amd64', null, 'avx512').variant, 'cpu-avx512')
})

test('a variant that a release lacks is an error with those that it has', () => {
  refused(
    () => choose('b11541', 'darwin/arm64', null, 'cuda'),
    'asset-not-found',
    /no build of the variant cuda for darwin\/arm64; it has metal\./,
  )
  refused(() => choose('b11541', 'linux/amd64', null, 'cuda-11'), 'asset-not-found', /cuda-12\.8, cuda-13\.4/)
  refused(() => choose('b11541', 'linux/amd64', null, 'photon'), 'asset-not-found', /photon/)
  refused(
    () => choose('b10000', 'linux/amd64', nvidia('590', '13.1', '8.6'), 'cuda'),
    'asset-not-found',
    /variant cuda/,
  )
})

test('of two equally good builds none is chosen', () => {
  refused(() => choose('b11541', 'linux/amd64', null, 'sycl'), 'asset-ambiguous', /sycl-fp16, sycl-fp32/)
  const twins = releaseOf('b11541', ['llama-b11541-bin-ubuntu-x64.tar.gz', 'llama-b11541-bin-linux-x64.tar.gz'])
  refused(
    () => chooseLlamaAssets({ release: twins, target: parseTarget('linux/amd64'), host: null, variant: 'auto' }),
    'asset-ambiguous',
    /cpu/,
  )
})

test('the hardware of this machine says nothing of another platform', () => {
  const host = machine({ ...nvidia('590', '13.1', '8.6'), ...vulkan, libc: { family: 'musl', version: null } })
  for (const [platform, variant] of [
    ['windows/amd64', 'cpu'],
    ['linux/arm64', 'cpu'],
    ['darwin/arm64', 'metal'],
    ['darwin/amd64', 'cpu'],
  ] as const) {
    const choice = chooseLlamaAssets({
      release: releaseOf('b11541'),
      target: parseTarget(platform),
      host,
      variant: 'auto',
    })
    assert.equal(choice.variant, variant)
    assert.match(choice.why.join(' '), /hardware of the machine is not known/)
  }
})

test('all variants of a platform are one build each, without those for special chips', () => {
  const all = (tag: string, platform: string): string[] =>
    chooseAll({ release: releaseOf(tag), target: parseTarget(platform), host: null }).map(({ variant }) => variant)
  assert.deepEqual(all('b11541', 'linux/amd64'), [
    'cpu',
    'cuda-13.4',
    'cuda-12.8',
    'openvino-2026.4.1',
    'rocm-10.0',
    'sycl-fp32',
    'sycl-fp16',
    'vulkan',
  ])
  assert.deepEqual(all('b11541', 'linux/arm64'), ['cpu', 'cuda-13.4', 'vulkan'])
  assert.deepEqual(all('b11541', 'darwin/arm64'), ['metal'])
  assert.deepEqual(all('b9168', 'darwin/arm64'), ['metal'])
  assert.deepEqual(all('b11541', 'windows/arm64'), ['cpu', 'cuda-13.4', 'vulkan'])
  assert.deepEqual(all('b7300', 'linux/amd64'), ['cpu', 'vulkan'])
  assert.deepEqual(all('b5310', 'windows/amd64'), [
    'cpu',
    'cuda-12.4',
    'cuda-11.7',
    'rocm-gfx1030',
    'rocm-gfx1100',
    'sycl',
    'vulkan',
  ])
  refused(() => all('b9352', 'linux/amd64'), 'asset-not-found', /b9352 has no build/)
  refused(() => all('b4410', 'linux/amd64'), 'unsupported-platform', /b4410/)
})

test('a choice is explained: what was left out, what is missing, what was chosen and what not', () => {
  const { why, rejected } = choose('b10000', 'linux/amd64', {
    ...nvidia('590', '13.1', '8.6'),
    ...amd('gfx803'),
    ...vulkan,
  })
  assert.deepEqual(why, [
    'ROCm is left out: its builds have no kernels for gfx803.',
    'b10000 has no cuda build for linux/amd64.',
    'Vulkan has GPU.',
    'llama-b10000-bin-ubuntu-vulkan-x64.tar.gz is the vulkan build of b10000 for linux/amd64.',
  ])
  const reason = (part: string): string | undefined => rejected.find(({ name }) => name.includes(part))?.reason
  assert.equal(reason('xcframework'), 'is no build of the libraries')
  assert.equal(reason('macos-x64'), 'is for another system')
  assert.equal(reason('ubuntu-arm64'), 'is for another architecture')
  assert.match(reason('sycl-fp16') ?? '', /does not suit/)
  assert.equal(rejected.length, (llamaReleases['b10000']?.length ?? 0) - 2)
  const cuda = choose('b11541', 'linux/amd64', nvidia('590.44', '13.1', '8.6')).why.join(' ')
  assert.match(cuda, /driver 590\.44 supports CUDA 13\.1; newer builds for CUDA 13 run/)
  assert.match(cuda, /cudart-llama-b11541-bin-ubuntu-cuda-13\.4-x64\.tar\.gz has the CUDA runtime/)
})

test('only archives of the builds with broken links are to be mended', () => {
  assert.equal(choose('b9168', 'linux/amd64', {}).mendLinks, true)
  assert.match(choose('b9168', 'linux/amd64', {}).why.join(' '), /mended/)
  assert.equal(choose('b9168', 'windows/amd64', {}).mendLinks, false)
  assert.equal(choose('b11541', 'linux/amd64', {}).mendLinks, false)
})

test('files of other builds and unknown kinds are never chosen', () => {
  const names = [
    'llama-b11540-bin-ubuntu-x64.tar.gz',
    'llama-b11541-bin-ubuntu-photon-x64.tar.gz',
    'llama-b11541-bin-linux-x64-npu.tar.gz',
  ]
  const request = { release: releaseOf('b11541', names), target: parseTarget('linux/amd64'), host: null }
  refused(() => chooseLlamaAssets({ ...request, variant: 'auto' }), 'asset-not-found', /no build for linux\/amd64/)
  refused(() => chooseAll(request), 'asset-not-found', /no build/)
  assert.equal(chooseLlamaAssets({ ...request, variant: 'photon' }).variant, 'photon')
})

test('property: whatever a release holds, a choice is a file of it for the platform and never a companion', () => {
  const names = fc.subarray(
    Object.values(llamaReleases)
      .flat()
      .map((name) => name.replace(/b\d{4,5}/, 'b11541')),
  )
  const facts = fc.constantFrom(
    null,
    machine(),
    machine(nvidia('590', '13.1', '8.6')),
    machine({ ...amd('gfx1100'), ...vulkan }),
  )
  const variants = fc.constantFrom('auto', 'cpu', 'cuda', 'cuda-12', 'vulkan', 'sycl', 'photon')
  fc.assert(
    fc.property(names, facts, variants, fc.constantFrom(...allTargets), (files, host, variant, target) => {
      const release = releaseOf('b11541', [...new Set(files)])
      let choice
      try {
        choice = chooseLlamaAssets({ release, target, host, variant })
      } catch (error) {
        assert.ok(error instanceof SluiceError && ['asset-not-found', 'asset-ambiguous'].includes(error.code))
        return
      }
      const all = [choice, ...choice.fallbacks]
      for (const { main, asset, companion } of all) {
        assert.ok(release.assets.includes(main))
        assert.deepEqual([asset.role, asset.os, asset.arch], ['main', target.os, target.arch])
        assert.equal(companion !== null, asset.backend === 'cuda')
      }
      const used = new Set(
        all.flatMap(({ main, companion }) => (companion === null ? [main.name] : [main.name, companion.name])),
      )
      assert.equal(used.size + choice.rejected.length, release.assets.length)
    }),
    { numRuns: 500 },
  )
})
