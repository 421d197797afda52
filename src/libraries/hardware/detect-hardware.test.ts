import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { fakeMachine, pciFiles } from '../../../test/support/fake-machine.ts'
import type { FakeMachine } from '../../../test/support/fake-machine.ts'
import type { HardwareFacts } from '../../core/hardware.ts'
import { detectHardware } from './detect-hardware.ts'

async function detect(has: FakeMachine): Promise<HardwareFacts> {
  return await detectHardware(fakeMachine(has))
}

const rtx = { name: 'NVIDIA GeForce RTX 4090', capability: '8.9', memory: 25_757_220_864 }
const driver = { driver: '580.95.05', cuda: '13.0', gpus: [rtx] }
const smiQuery = 'nvidia-smi --query-gpu=name,driver_version,memory.total,compute_cap --format=csv,noheader'

describe('a machine without a GPU', () => {
  it('has no facts but its system, and says what was asked', async () => {
    assert.deepEqual(await detect({}), {
      platform: 'linux',
      arch: 'x64',
      libc: { family: 'glibc', version: '2.36' },
      osVersion: null,
      translated: false,
      nvidia: null,
      amd: null,
      intel: null,
      vulkan: null,
      notes: [
        'C library: glibc 2.36, by the report of Node.',
        'NVIDIA: no sign of a GPU.',
        'AMD: no sign of a GPU.',
        'Intel: no sign of a GPU.',
        'Vulkan: its loader is not installed.',
      ],
    })
  })

  it('is any that this test runs on: detection ends and fails for nothing', async () => {
    const began = performance.now()
    const facts = await detectHardware()
    assert.ok(performance.now() - began < 60_000)
    assert.equal(facts.platform, process.platform)
    assert.ok(facts.notes.length > 0 || process.platform === 'darwin')
  })
})

describe('NVIDIA', () => {
  it('is told by its driver, and nothing else is asked then', async () => {
    const asked: string[] = []
    const facts = await detectHardware(fakeMachine({ natives: { nvml: driver } }, asked))
    assert.deepEqual(facts.nvidia, driver)
    assert.deepEqual(asked.sort(), ['nvml', 'vulkan'])
    assert.ok(
      facts.notes.some((note) =>
        /RTX 4090 \(8\.9\), driver 580\.95\.05, CUDA 13\.0, by the NVIDIA driver \(NVML\)/.test(note),
      ),
    )
  })

  it('is none for somebody who hides every GPU, one of those that CUDA shows for somebody who hides some', async () => {
    for (const hidden of ['', ' ', '-1', '-1,0'])
      assert.equal(
        (await detect({ env: { CUDA_VISIBLE_DEVICES: hidden }, natives: { nvml: driver } })).nvidia,
        null,
        hidden,
      )
    const one = { name: 'NVIDIA T4', capability: '7.5', memory: 1 }
    const natives = { nvml: driver, cuda: { driver: null, cuda: '13.0', gpus: [one] } }
    const facts = await detect({ env: { CUDA_VISIBLE_DEVICES: '1' }, natives })
    assert.deepEqual(facts.nvidia, { driver: '580.95.05', cuda: '13.0', gpus: [one] })
    const alone = await detect({ env: { CUDA_VISIBLE_DEVICES: '1' }, natives: { nvml: driver } })
    assert.deepEqual(alone.nvidia, driver)
    assert.ok(alone.notes.some((note) => note.includes('may hide some of these GPUs')))
  })

  it('is not looked for with SLUICE_SKIP_CUDA, unless that is 0', async () => {
    const asked: string[] = []
    const has = { natives: { nvml: driver } }
    assert.equal((await detectHardware(fakeMachine({ ...has, env: { SLUICE_SKIP_CUDA: '1' } }, asked))).nvidia, null)
    assert.deepEqual(asked, ['vulkan'])
    assert.deepEqual((await detect({ ...has, env: { SLUICE_SKIP_CUDA: '0' } })).nvidia, driver)
  })

  it('is told by CUDA where the management library does not answer, with the reason', async () => {
    const cuda = { driver: null, cuda: '12.4', gpus: [rtx] }
    const facts = await detect({
      natives: { cuda },
      problems: { nvml: 'The library of the NVIDIA driver crashed (SIGSEGV).' },
    })
    assert.deepEqual(facts.nvidia, cuda)
    assert.ok(facts.notes.includes('NVIDIA: The library of the NVIDIA driver crashed (SIGSEGV).'))
  })

  it('is told by nvidia-smi, also by one too old to know the compute capability', async () => {
    const banner = '| NVIDIA-SMI 550.54.14    Driver Version: 550.54.14    CUDA Version: 12.4     |'
    const facts = await detect({
      programs: { [smiQuery]: 'NVIDIA A100-SXM4-40GB, 550.54.14, 40960 MiB, 8.0\n', 'nvidia-smi': banner },
    })
    const a100 = { name: 'NVIDIA A100-SXM4-40GB', capability: '8.0', memory: 40_960 * 1024 ** 2 }
    assert.deepEqual(facts.nvidia, { driver: '550.54.14', cuda: '12.4', gpus: [a100] })
    const older = await detect({
      programs: { [smiQuery.replace(',compute_cap', '')]: 'Tesla K80, 460.32.03, 11441 MiB\n' },
    })
    assert.deepEqual(older.nvidia, {
      driver: '460.32.03',
      cuda: null,
      gpus: [{ name: 'Tesla K80', capability: null, memory: 11_441 * 1024 ** 2 }],
    })
  })

  it('is told by the tool of WSL and by that of Windows, each by its full path', async () => {
    const row = 'NVIDIA GeForce RTX 3060, 572.16, 12288 MiB, 8.6\n'
    const wsl = await detect({ programs: { [`/usr/lib/wsl/lib/${smiQuery}`]: row } })
    assert.equal(wsl.nvidia?.driver, '572.16')
    const path = 'D:\\Win\\System32\\nvidia-smi.exe'
    const windows = await detect({
      platform: 'win32',
      env: { SystemRoot: 'D:\\Win' },
      programs: { [smiQuery.replace('nvidia-smi', path)]: row },
    })
    assert.equal(windows.nvidia?.gpus[0]?.capability, '8.6')
  })

  it('is told by the kernel, and by the PCI bus where there is no driver; a sound device is no GPU', async () => {
    const kernel = await detect({
      files: {
        '/proc/driver/nvidia/version':
          'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version: 12.2.0\n',
        '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA GeForce GTX 1080\nIRQ:   \t\t 130\n',
      },
    })
    const gtx = { name: 'NVIDIA GeForce GTX 1080', capability: null, memory: null }
    assert.deepEqual(kernel.nvidia, { driver: '535.183.01', cuda: null, gpus: [gtx] })
    const bus = await detect({ files: pciFiles(['10de 2684 030000', '10de 22ba 040300']) })
    assert.deepEqual(bus.nvidia, {
      driver: null,
      cuda: null,
      gpus: [{ name: 'NVIDIA 10de:2684', capability: null, memory: null }],
    })
  })
})

describe('AMD', () => {
  const node = (index: number, name: string, properties: string): Record<string, string> => ({
    [`/sys/class/kfd/kfd/topology/nodes/${index}/name`]: `${name}\n`,
    [`/sys/class/kfd/kfd/topology/nodes/${index}/properties`]: properties,
  })

  it('is told by the compute driver of the kernel with its chip; the CPU is none', async () => {
    const files = {
      ...node(0, 'AMD Ryzen', 'cpu_cores_count 16\nsimd_count 0\ngfx_target_version 0\n'),
      ...node(1, 'navi32', 'cpu_cores_count 0\nsimd_count 120\ngfx_target_version 110001\n'),
      ...node(2, '', 'simd_count 440\ngfx_target_version 90010\n'),
      '/opt/rocm/.info/version': '7.2.0-43\n',
      '/dev/kfd': '',
    }
    const facts = await detect({ files, forbidden: ['/dev/kfd'] })
    assert.deepEqual(facts.amd?.gpus, [
      { name: 'navi32', gfx: 'gfx1101' },
      { name: 'AMD GPU', gfx: 'gfx90a' },
    ])
    assert.ok(facts.notes.some((note) => note.includes('ROCm 7.2.0 is installed')))
    assert.ok(facts.notes.some((note) => note.includes('may not use /dev/kfd')))
    assert.equal((await detect({ files, env: { SLUICE_SKIP_ROCM: '1' } })).amd, null)
  })

  it('is told by rocminfo, then by Vulkan, then by the PCI bus', async () => {
    const files = pciFiles(['1002 747e 030000'])
    const rocminfo = `ROCk module is loaded\n*******\nAgent 1\n*******\n  Name:                    AMD Ryzen 9\n  Device Type:             CPU\n*******\nAgent 2\n*******\n  Name:                    gfx1101\n  Marketing Name:          AMD Radeon RX 7800 XT\n  Device Type:             GPU\n`
    assert.deepEqual((await detect({ files, programs: { rocminfo } })).amd?.gpus, [
      { name: 'AMD Radeon RX 7800 XT', gfx: 'gfx1101' },
    ])
    const vulkan = { devices: [{ name: 'AMD Radeon RX 7800 XT (RADV NAVI32)', type: 2, vendor: 0x1002 }] }
    const named = await detect({ files, natives: { vulkan } })
    assert.deepEqual(named.amd?.gpus, [{ name: 'AMD Radeon RX 7800 XT (RADV NAVI32)', gfx: null }])
    assert.deepEqual((await detect({ files })).amd?.gpus, [{ name: 'AMD 1002:747e', gfx: null }])
    const windows = await detect({ platform: 'win32', natives: { vulkan }, libraries: ['amdhip64_7.dll'] })
    assert.equal(windows.amd?.gpus.length, 1)
    assert.ok(windows.notes.includes('AMD: amdhip64_7.dll is installed.'))
  })
})

describe('Intel and Vulkan', () => {
  it('tell a GPU of Intel and whether Level Zero is there', async () => {
    const files = pciFiles(['8086 56a0 030000', '8086 a0c8 040300'])
    assert.deepEqual((await detect({ files, libraries: ['libze_loader.so.1'] })).intel, { gpu: true, levelZero: true })
    assert.deepEqual((await detect({ files })).intel, { gpu: true, levelZero: false })
    assert.deepEqual((await detect({ libraries: ['libze_loader.so.1'] })).intel, { gpu: false, levelZero: true })
    assert.equal((await detect({ files, env: { SLUICE_SKIP_SYCL: '1' } })).intel, null)
    assert.equal((await detect({ files: pciFiles(['8086 a0c8 040300']) })).intel, null)
  })

  it('keep real devices with their kinds, and no renderer on the CPU', async () => {
    const devices = [
      { name: 'llvmpipe (LLVM 15.0.6, 256 bits)', type: 4, vendor: 0x10005 },
      { name: 'SwiftShader Device', type: 0, vendor: 0x1ae0 },
      { name: 'NVIDIA GeForce RTX 4090', type: 2, vendor: 0x10de },
      { name: 'AMD Radeon 780M', type: 1, vendor: 0x1002 },
      { name: 'Virtio-GPU Venus', type: 3, vendor: 0 },
    ]
    const facts = await detect({ natives: { vulkan: { devices } } })
    assert.deepEqual(
      facts.vulkan?.devices.map(({ name, kind }) => `${name}: ${kind}`),
      ['NVIDIA GeForce RTX 4090: discrete', 'AMD Radeon 780M: integrated', 'Virtio-GPU Venus: other'],
    )
    assert.deepEqual((await detect({ natives: { vulkan: { devices: [] } } })).vulkan, { devices: [] })
    const skipped = { natives: { vulkan: { devices } }, env: { SLUICE_SKIP_VULKAN: 'yes' } }
    assert.equal((await detect(skipped)).vulkan, null)
    const crashed = await detect({ problems: { vulkan: 'The library of Vulkan crashed (SIGABRT).' } })
    assert.equal(crashed.vulkan, null)
    assert.ok(crashed.notes.includes('Vulkan: The library of Vulkan crashed (SIGABRT).'))
  })
})

describe('macOS', () => {
  const mac = { platform: 'darwin', arch: 'arm64', release: '24.6.0' }

  it('tells its version, by its tool or its kernel', async () => {
    assert.equal(
      (await detect({ ...mac, programs: { '/usr/bin/sw_vers -productVersion': '15.7.1\n' } })).osVersion,
      '15.7.1',
    )
    assert.equal((await detect(mac)).osVersion, '15')
    const unknown = await detect({ ...mac, release: '99.0.0' })
    assert.equal(unknown.osVersion, null)
    assert.ok(unknown.notes.includes('macOS: its version is not known.'))
    assert.equal(unknown.libc, null)
  })

  it('tells a process that Rosetta translates', async () => {
    const programs = { '/usr/sbin/sysctl -in sysctl.proc_translated': '1\n' }
    assert.equal((await detect({ ...mac, arch: 'x64', programs })).translated, true)
    assert.equal((await detect({ ...mac, arch: 'x64' })).translated, false)
    assert.equal((await detect({ ...mac, programs })).translated, false)
  })
})

it('an abort ends detection', async () => {
  const reason = new Error('enough')
  await assert.rejects(detectHardware({ ...fakeMachine({}), signal: AbortSignal.abort(reason) }), reason)
})

it('whatever files, programs and drivers say, the facts are of their kind and can be printed', async () => {
  const words = fc.string({ unit: 'binary', maxLength: 300 })
  const odd = fc.record({ files: words, output: words, answer: fc.jsonValue() })
  await fc.assert(
    fc.asyncProperty(odd, async ({ files, output, answer }) => {
      const facts = await detectHardware({
        ...fakeMachine({}),
        readFile: async () => files,
        readDir: async () => [files, '0'],
        run: async () => output,
        ask: async () => ({ answer }),
      })
      assert.doesNotMatch(JSON.stringify(facts.notes).replaceAll('\\"', ''), /[\p{Cc}]/u)
      for (const note of facts.notes) assert.ok(note.length < 20_000)
      assert.ok(facts.nvidia === null || Array.isArray(facts.nvidia.gpus))
    }),
    { numRuns: 50 },
  )
})
