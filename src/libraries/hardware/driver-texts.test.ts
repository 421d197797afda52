import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseKfdNode, parseRocminfo } from './amd-text.ts'
import { parseGpuInformation, parseKernelVersion, parseSmiBanner, parseSmiGpus } from './nvidia-text.ts'

test('rows of nvidia-smi are read with names that hold commas, and with what it does not tell', () => {
  const text = [
    'Quadro, Mobile, 535.183.01, 4096 MiB, 7.5',
    'NVIDIA GB10, [N/A], [N/A], 12.1\r',
    'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
    '',
  ].join('\n')
  assert.deepEqual(parseSmiGpus(text), {
    driver: '535.183.01',
    gpus: [
      { name: 'Quadro, Mobile', capability: '7.5', memory: 4096 * 1024 ** 2 },
      { name: 'NVIDIA GB10', capability: '12.1', memory: null },
    ],
  })
  assert.equal(parseSmiGpus('No devices were found\n'), null)
})

test('the banner of nvidia-smi is read in its old and its new words', () => {
  assert.equal(parseSmiBanner('| Driver Version: 550.54    CUDA Version: 12.4  |'), '12.4')
  assert.equal(parseSmiBanner('| KMD Version: 590.44  CUDA UMD Version: 13.1  |'), '13.1')
  assert.equal(parseSmiBanner('| CUDA Version: N/A |'), null)
})

test('the version of the kernel module is read, that of the compiler is not', () => {
  const open =
    'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build\nGCC version:  gcc 12.3.0 (x)\n'
  assert.equal(parseKernelVersion(open), '570.86.15')
  assert.equal(parseKernelVersion('GCC version: gcc version 12.3.0 (Debian)\n'), null)
})

test('chips of AMD are read from the numbers of the kernel', () => {
  const chips = {
    110_001: 'gfx1101',
    90_010: 'gfx90a',
    90_402: 'gfx942',
    110_501: 'gfx1151',
    90_008: 'gfx908',
    120_001: 'gfx1201',
  }
  for (const [version, chip] of Object.entries(chips))
    assert.equal(parseKfdNode(`simd_count 64\ngfx_target_version ${version}\n`), chip)
  assert.equal(parseKfdNode('simd_count 0\ngfx_target_version 110001\n'), null)
})

test('hostile text is read in bounded time, to facts of bounded size', () => {
  const pieces = fc.constantFrom(
    ...[
      'NVIDIA',
      ', ',
      '535.1',
      ' MiB',
      '8.6',
      '\n',
      '*******\n',
      'Agent 1\n',
      '  Name: ',
      'gfx1101',
      '  Device Type: GPU\n',
    ],
    ...[
      'CUDA Version',
      ':',
      ' ',
      '\t',
      'NVRM version:',
      'Model:',
      'simd_count 1\n',
      'gfx_target_version 110001\n',
      '[',
      ']',
      '\u0000',
    ],
  )
  const text = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 400 })
  fc.assert(
    fc.property(text, fc.nat(2000), (parts, times) => {
      const whole = parts
        .join('')
        .repeat(times)
        .slice(0, 64 * 1024)
      const began = performance.now()
      const gpus = parseSmiGpus(whole)?.gpus ?? []
      assert.ok(gpus.length <= 64 && gpus.every(({ name }) => name.length <= 200))
      assert.match(parseSmiBanner(whole) ?? '0.0', /^\d+\.\d+$/)
      assert.match(parseKernelVersion(whole) ?? '0.0', /^\d+(\.\d+)+$/)
      assert.ok((parseGpuInformation(whole) ?? '').length <= 201)
      assert.match(parseKfdNode(whole) ?? 'gfx1', /^gfx[\da-f]+$/)
      assert.ok(parseRocminfo(whole).length <= 64)
      assert.ok(performance.now() - began < 10_000)
    }),
    { numRuns: 50 },
  )
})
