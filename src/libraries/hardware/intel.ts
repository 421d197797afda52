import type { HardwareFacts } from '../../core/hardware.ts'
import { vendors } from './displays.ts'
import type { Display } from './displays.ts'
import type { Found, Machine } from './machine.ts'
import { isSkipped } from './overrides.ts'

/** By the maker of the graphics devices, and whether the loader of Level Zero is installed. */
export async function intelFacts(
  machine: Machine,
  displays: readonly Display[],
): Promise<Found<HardwareFacts['intel']>> {
  if (machine.platform === 'darwin') return { fact: null, notes: [] }
  if (isSkipped(machine.env, 'SYCL'))
    return { fact: null, notes: ['Intel: not looked for, as SLUICE_SKIP_SYCL is set.'] }
  const own = displays.find(({ vendor }) => vendor === vendors.intel)
  const loader = machine.platform === 'win32' ? 'ze_loader.dll' : 'libze_loader.so.1'
  const levelZero = await machine.hasLibrary(loader)
  if (own === undefined && !levelZero) return { fact: null, notes: ['Intel: no sign of a GPU.'] }
  const seen = own === undefined ? 'no GPU was seen' : `a GPU, by ${own.source}`
  return {
    fact: { gpu: own !== undefined, levelZero },
    notes: [`Intel: ${seen}; Level Zero (${loader}) is ${levelZero ? '' : 'not '}installed.`],
  }
}
