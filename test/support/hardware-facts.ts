import type { HardwareFacts } from '../../src/core/hardware.ts'

/** A machine with Linux on x64 and glibc 2.36, without a GPU, but for what is given. */
export function machine(facts: Partial<HardwareFacts> = {}): HardwareFacts {
  const { platform = 'linux' } = facts
  return {
    platform,
    arch: 'x64',
    libc: platform === 'linux' ? { family: 'glibc', version: '2.36' } : null,
    osVersion: null,
    translated: false,
    nvidia: null,
    amd: null,
    intel: null,
    vulkan: null,
    notes: [],
    ...facts,
  }
}

/** GPUs of NVIDIA by their compute capabilities, null for unknown ones. */
export function nvidia(
  driver: string | null,
  cuda: string | null,
  ...capabilities: (string | null)[]
): Pick<HardwareFacts, 'nvidia'> {
  const gpus = capabilities.map((capability) => ({ name: 'NVIDIA GPU', capability, memory: null }))
  return { nvidia: { driver, cuda, gpus } }
}

/** GPUs of AMD by their chips. */
export function amd(...chips: (string | null)[]): Pick<HardwareFacts, 'amd'> {
  return { amd: { gpus: chips.map((gfx) => ({ name: 'AMD GPU', gfx })) } }
}

/** A GPU that Vulkan can use. */
export const vulkan: Pick<HardwareFacts, 'vulkan'> = { vulkan: { devices: [{ name: 'GPU', kind: 'discrete' }] } }
