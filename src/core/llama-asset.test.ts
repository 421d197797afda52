import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { llamaReleases } from '../../test/support/llama-releases.ts'
import { parseAsset, variantOf, type LlamaAsset } from './llama-asset.ts'

/** role, tag, os, arch, variant, format */
function facets(name: string): string | null {
  const asset = parseAsset(name)
  if (asset === null) return null
  const { role, tag, os, arch, format } = asset
  return [role, tag ?? '-', os, arch, variantOf(asset), format].join(' ')
}

test('names of all eras are read', () => {
  const table: Record<string, string> = {
    'llama-b11541-bin-ubuntu-x64.tar.gz': 'main b11541 linux amd64 cpu tar.gz',
    'llama-b11541-bin-ubuntu-cuda-13.4-arm64.tar.gz': 'main b11541 linux arm64 cuda-13.4 tar.gz',
    'cudart-llama-b11541-bin-ubuntu-cuda-12.8-x64.tar.gz': 'companion b11541 linux amd64 cuda-12.8 tar.gz',
    'cudart-llama-bin-win-cuda-12.4-x64.zip': 'companion - windows amd64 cuda-12.4 zip',
    'cudart-llama-bin-win-cu12.4-x64.zip': 'companion - windows amd64 cuda-12.4 zip',
    'llama-b5310-bin-win-cuda-cu12.4-x64.zip': 'main b5310 windows amd64 cuda-12.4 zip',
    'llama-b1500-bin-win-cublas-cu12.2.0-x64.zip': 'main b1500 windows amd64 cuda-12.2.0 zip',
    'llama-b11541-bin-macos-arm64.tar.gz': 'main b11541 darwin arm64 metal tar.gz',
    'llama-b11541-bin-macos-x64.tar.gz': 'main b11541 darwin amd64 cpu tar.gz',
    'llama-b9168-bin-macos-arm64-kleidiai.tar.gz': 'main b9168 darwin arm64 metal-kleidiai tar.gz',
    'llama-b11541-bin-ubuntu-sycl-fp16-x64.tar.gz': 'main b11541 linux amd64 sycl-fp16 tar.gz',
    'llama-b11541-bin-ubuntu-openvino-2026.4.1-x64.tar.gz': 'main b11541 linux amd64 openvino-2026.4.1 tar.gz',
    'llama-b11541-bin-ubuntu-rocm-10.0-x64.tar.gz': 'main b11541 linux amd64 rocm-10.0 tar.gz',
    'llama-b11541-bin-win-rocm-7.14-x64.zip': 'main b11541 windows amd64 rocm-7.14 zip',
    'llama-b6862-bin-win-hip-radeon-x64.zip': 'main b6862 windows amd64 rocm zip',
    'llama-b5310-bin-win-hip-x64-gfx1100.zip': 'main b5310 windows amd64 rocm-gfx1100 zip',
    'llama-b11541-bin-win-opencl-adreno-arm64.zip': 'main b11541 windows arm64 opencl-adreno zip',
    'llama-b4410-bin-win-llvm-arm64-opencl-adreno.zip': 'main b4410 windows arm64 opencl-adreno zip',
    'llama-b4410-bin-win-llvm-arm64.zip': 'main b4410 windows arm64 cpu-llvm zip',
    'llama-b4410-bin-win-avx2-x64.zip': 'main b4410 windows amd64 cpu-avx2 zip',
    'llama-b4410-bin-win-kompute-x64.zip': 'main b4410 windows amd64 kompute zip',
    'llama-b11541-bin-linux-arm64-snapdragon.tar.gz': 'main b11541 linux arm64 cpu-snapdragon tar.gz',
    'llama-b11541-bin-android-arm64.tar.gz': 'other b11541 other arm64 cpu tar.gz',
    'llama-b11541-bin-ubuntu-s390x.tar.gz': 'other b11541 linux other cpu tar.gz',
    'llama-b6862-bin-ubuntu-s390x-z15.zip': 'other b6862 linux other cpu-z15 zip',
    'llama-b9168-bin-910b-openEuler-x86-aclgraph.tar.gz': 'other b9168 other other openEuler-aclgraph tar.gz',
    'llama-master-1a2b3c4-bin-win-avx-x64.zip': 'main master-1a2b3c4 windows amd64 cpu-avx zip',
    'llama-v0.6.0-bin-ubuntu-x64.tar.gz': 'main v0.6.0 linux amd64 cpu tar.gz',
  }
  for (const [name, expected] of Object.entries(table)) assert.equal(facets(name), expected, name)
})

test('a word that is not known makes a build of an unknown kind', () => {
  const asset = parseAsset('llama-b12000-bin-ubuntu-photon-3.1-x64.tar.gz')
  assert.equal(asset?.backend, 'unknown')
  assert.equal(asset.label, 'photon-3.1')
  assert.equal(parseAsset('llama-b12000-bin-ubuntu-cuda-next-x64.tar.gz')?.extra, 'next')
  assert.equal(parseAsset('llama-b12000-bin-haiku-x64.tar.gz')?.role, 'other')
})

test('the CUDA runtime, ui, xcframework, sums and names that only contain one are never builds', () => {
  for (const name of [
    'llama-b11541-ui.tar.gz',
    'llama-b11541-xcframework.zip',
    'nightly-tag.txt',
    'llama-b11541-bin-ubuntu-x64.tar.gz.sha256',
    'llama-b11541-bin-ubuntu-x64.tar.gz\n',
    'xllama-b11541-bin-ubuntu-x64.tar.gz',
    'llama-b11541-bin-ubuntu-x64.tar',
    'llama-b11541-bin-ubuntu-x64xtarxgz',
    'llama-b11541-bin-ubuntu--x64.tar.gz',
    'llama-b11541-bin-ubuntu-.tar.gz',
    'llama-b11541-bin-x64.tar.gz',
    'llama-b11541-bin-../x64.tar.gz',
    'llama-x-b11541-bin-ubuntu-x64.tar.gz',
    'LLAMA-b11541-bin-ubuntu-x64.tar.gz',
    '',
  ])
    assert.equal(parseAsset(name), null, name)
  for (const name of Object.values(llamaReleases).flat())
    if (name.startsWith('cudart')) assert.equal(parseAsset(name)?.role, 'companion', name)
})

test('every file of the eras is read, and each build has a variant of its own', () => {
  for (const [tag, names] of Object.entries(llamaReleases)) {
    const unread = names.filter((name) => parseAsset(name) === null)
    assert.ok(
      unread.every((name) => /-(?:ui|xcframework)\./.test(name)),
      unread.join(' '),
    )
    const mains = names.map(parseAsset).filter((asset): asset is LlamaAsset => asset?.role === 'main')
    const keys = mains.map((asset) => [asset.os, asset.arch, variantOf(asset), asset.format].join(' '))
    assert.equal(new Set(keys).size, keys.length, tag)
    assert.deepEqual(
      mains.filter(({ backend }) => backend === 'unknown').map(({ label }) => label),
      tag === 'b4410' ? ['openblas', 'kompute'] : [],
    )
  }
  assert.equal(llamaReleases['b11541']?.length, 36)
})

test('property: a name made of facets gives those facets', () => {
  const versions = fc.tuple(fc.nat(30), fc.nat(20)).map((parts) => parts.join('.'))
  const backend = fc.oneof(
    fc.constantFrom(
      ['', 'plain', null] as const,
      ['vulkan-', 'vulkan', null] as const,
      ['openvino-', 'openvino', null] as const,
    ),
    fc
      .tuple(fc.constantFrom('cuda', 'rocm', 'openvino'), versions)
      .map(([name, version]) => [`${name}-${version}-`, name, version] as const),
  )
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.nat(999_999),
      fc.constantFrom('ubuntu', 'win'),
      backend,
      fc.constantFrom('x64', 'arm64'),
      fc.option(
        fc.stringMatching(/^[a-z][a-z\d]{2,9}$/).filter((word) => !['x86', 'x64', 'arm64'].includes(word)),
        { nil: null },
      ),
      fc.constantFrom('zip', 'tar.gz'),
      (isRuntime, number, os, [words, name, version], arch, extra, format) => {
        const text = `${isRuntime ? 'cudart-' : ''}llama-b${number}-bin-${os}-${words}${arch}${extra === null ? '' : `-${extra}`}.${format}`
        const asset = parseAsset(text)
        assert.deepEqual(
          { ...asset, label: '' },
          {
            name: text,
            role: isRuntime ? 'companion' : 'main',
            tag: `b${number}`,
            os: os === 'win' ? 'windows' : 'linux',
            arch: arch === 'x64' ? 'amd64' : 'arm64',
            backend: name === 'plain' ? 'cpu' : name,
            backendVersion: version,
            extra,
            label: '',
            format,
          },
        )
      },
    ),
  )
})

test('property: no name makes it slow or break', () => {
  const piece = fc.constantFrom(
    'llama-',
    'cudart-',
    'b1',
    'b',
    '-bin-',
    'bin',
    'win',
    'ubuntu-',
    '-',
    '.',
    '1',
    'cu',
    'x64',
    'tar.gz',
    '.zip',
    'é',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 400 }).map((pieces) => pieces.join('')),
      (name) => {
        const asset = parseAsset(name)
        if (asset !== null) assert.equal(asset.name, name)
      },
    ),
    { numRuns: 2000 },
  )
  const started = process.cpuUsage().user
  for (const word of ['-', 'b1-', 'x64-', '1.', 'llama-bin-', 'v1.', 'cu1'])
    parseAsset(`llama-b1-bin-${word.repeat(500_000)}.zip`)
  assert.ok(process.cpuUsage().user - started < 1e6)
})
