import type { HardwareFacts } from '../../core/hardware.ts'
import type { Display } from './displays.ts'
import type { Found, Machine } from './machine.ts'
import { readVulkanAnswer } from './native-answers.ts'
import type { VulkanDevice } from './native-answers.ts'
import { isSkipped } from './overrides.ts'

/** Drivers that draw with the CPU, whatever type they say they are. */
const renderers = /llvmpipe|lavapipe|swiftshader|softpipe/i
/** VkPhysicalDeviceType. */
const types = { integrated: 1, discrete: 2, cpu: 4 } as const

/** Asks the loader of Vulkan for its devices. A loader without a driver shows none. */
export async function vulkanFacts(
  machine: Machine,
): Promise<Found<HardwareFacts['vulkan']> & { readonly vendors: readonly Display[] }> {
  const nothing = (note: string) => ({ fact: null, notes: [`Vulkan: ${note}`], vendors: [] })
  if (machine.platform === 'darwin') return nothing('not looked for, as builds for macOS use Metal.')
  if (isSkipped(machine.env, 'VULKAN')) return nothing('not looked for, as SLUICE_SKIP_VULKAN is set.')
  const reply = await machine.ask('vulkan')
  if ('problem' in reply) return nothing(reply.problem)
  const told = readVulkanAnswer(reply.answer)
  if (told === null) return nothing('its loader is not installed.')
  const real = told.filter(({ name, type }) => type !== types.cpu && !renderers.test(name))
  const names = real.map(({ name }) => name).join(', ')
  return {
    fact: { devices: real.map((device) => ({ name: device.name, kind: kindOf(device) })) },
    notes: [`Vulkan: ${names === '' ? 'no GPU' : names}, by its loader.`],
    vendors: real.map(({ name, vendor }) => ({ name, vendor, source: 'Vulkan' })),
  }
}

function kindOf({ type }: VulkanDevice): 'discrete' | 'integrated' | 'other' {
  return type === types.discrete ? 'discrete' : type === types.integrated ? 'integrated' : 'other'
}
