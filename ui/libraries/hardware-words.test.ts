import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { machine, nvidia, vulkan } from '../../test/support/hardware-facts.ts'
import { hardwareWords } from './hardware-words.ts'

const words = (facts: Parameters<typeof machine>[0], platform: string | null = 'linux/amd64') => {
  const { system, gpus } = hardwareWords({ platform, facts: machine(facts) })
  return [...system, ...gpus].map((one) => one.replace(/[\u2066-\u2069]/g, ''))
}

describe('what a machine has', () => {
  it('is its system and C library where there is no GPU', () => {
    assert.deepEqual(words({}), ['linux/amd64', 'glibc 2.36'])
    assert.deepEqual(words({ platform: 'darwin', osVersion: '15.1', translated: true }, 'darwin/amd64'), [
      'darwin/amd64 15.1',
      'through Rosetta',
    ])
    assert.deepEqual(words({ platform: 'freebsd' }, null), ['freebsd/x64'])
  })

  it('names each GPU with what its driver can', () => {
    const [, , gpu] = words(nvidia('580.95.05', '13.0', '8.6'))
    assert.equal(gpu, 'NVIDIA GPU, compute capability 8.6, driver 580.95.05, CUDA up to 13.0')
  })

  it('tells of one GPU once', () => {
    const same = { vulkan: { devices: [{ name: 'NVIDIA GPU', kind: 'discrete' }] } } as const
    assert.equal(words({ ...nvidia(null, null, null), ...same }).length, 3)
    assert.equal(words({ ...nvidia(null, null, null), ...vulkan }).length, 4)
  })
})
