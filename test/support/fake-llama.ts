import type { LlamaManager, LlamaTree } from '../../src/manager/llama/types.ts'
import { amd, machine, nvidia, vulkan } from './hardware-facts.ts'

/** Libraries that it has. */
const sampleTree = {
  repository: 'ggml-org/llama.cpp',
  tag: 'b11429',
  platform: 'linux/amd64',
  variant: 'cpu',
  asset: 'llama-b11429-bin-ubuntu-x64.tar.gz',
  sha256: 'ab'.repeat(32),
  verifiedBy: 'api',
  companions: [{ asset: 'cudart.zip', sha256: 'cd'.repeat(32) }],
  folder: '/cache/trees/ggml-org/llama.cpp/b11429/linux-amd64-cpu-abababababab',
  libraryPath: '/cache/trees/ggml-org/llama.cpp/b11429/linux-amd64-cpu-abababababab/libllama.so',
  bytes: 1500,
  installedAt: '2026-01-01T00:00:00.000Z',
  inUse: false,
} as const satisfies LlamaTree

/** What a fake manager says of libraries of llama.cpp. */
export function fakeLlama(note: (method: string, ...args: unknown[]) => void): LlamaManager {
  return {
    async llamaReleases(query) {
      note('llamaReleases', query)
      const platforms = [{ platform: 'linux/amd64', variants: [{ name: 'cpu', bytes: 15_000_000 }] }]
      return {
        repository: 'ggml-org/llama.cpp',
        latest: { tag: 'b11429', why: ['v0.6.0 points to b11429.'] },
        nightly: null,
        releases: [{ tag: 'b11429', publishedAt: '2026-01-01T00:00:00.000Z', platforms }],
        warnings: ['The API could not be asked.'],
      }
    },
    async llamaCache() {
      return { dir: '/cache', trees: [sampleTree], size: 1500 }
    },
    async verifyLlama(selection) {
      note('verifyLlama', selection)
      const { tag, platform, variant } = sampleTree
      const found = { changed: ['libllama.so'], missing: [], unexpected: ['x'] }
      return { verdict: 'damaged', checks: [{ tag, platform, variant, verdict: 'damaged', ...found }] }
    },
    async cleanLlama(selection) {
      note('cleanLlama', selection)
      return { bytes: 1500 }
    },
    async pruneLlama(keep) {
      note('pruneLlama', keep)
      return { removed: [{ tag: 'b1', platform: 'linux/amd64', variant: 'cpu' }], bytes: 1500 }
    },
    async llamaHardware() {
      const facts = machine({ ...nvidia('580.95.05', '13.0', '8.6'), ...amd('gfx1100'), ...vulkan })
      const plan = [{ backend: 'cuda', atMost: '13.0', atLeast: '12.4', why: 'It has one.' } as const]
      return {
        platform: 'linux/amd64',
        facts: { ...facts, intel: { gpu: true, levelZero: false } },
        plan,
        notes: ['x'],
      }
    },
    async loadLlama(wanted) {
      note('loadLlama', wanted)
      const { tag, libraryPath } = sampleTree
      const devices = [{ name: 'CPU', description: 'A processor', kind: 'cpu' }]
      const said = { llamaVersion: null, ggmlVersion: '0.9.4', systemInfo: 'CPU : AVX2 = 1', supportsGpu: false }
      return { tag, libraryPath, devices, ...said, warnings: [] }
    },
  }
}
