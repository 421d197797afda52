import type { HardwareFacts } from '../../core/hardware.ts'
import { hostLibc } from '../load/host-libc.ts'
import { amdFacts } from './amd.ts'
import { displaysOf } from './displays.ts'
import { intelFacts } from './intel.ts'
import { thisMachine } from './machine.ts'
import type { Machine } from './machine.ts'
import { nvidiaFacts } from './nvidia.ts'
import { osVersionOf, translatedOf } from './system.ts'
import { vulkanFacts } from './vulkan.ts'

/** Milliseconds after which nothing more is asked; what is known by then is the answer. */
const patience = 4500

export interface HardwareOptions extends Partial<Machine> {
  readonly signal?: AbortSignal
}

/**
 * Finds out what this machine has, within 5 s. Drivers are asked in processes of their own, by their own libraries; a tool
 * that is not installed says nothing about the hardware. What cannot be found out is null, with a note. Each part of the
 * machine can be given by the caller. It fails only when `signal` is aborted.
 */
export async function detectHardware(options: HardwareOptions = {}): Promise<HardwareFacts> {
  const { signal, ...given } = options
  const late = AbortSignal.timeout(patience)
  const machine = thisMachine(given, signal === undefined ? late : AbortSignal.any([late, signal]))
  const { platform, arch } = machine
  const displays = await displaysOf(machine)
  const [vulkan, nvidia, osVersion, translated] = await Promise.all([
    vulkanFacts(machine),
    nvidiaFacts(machine, displays),
    osVersionOf(machine),
    translatedOf(machine),
  ])
  const seen = [...displays, ...vulkan.vendors]
  const [amd, intel] = await Promise.all([amdFacts(machine, seen), intelFacts(machine, seen)])
  signal?.throwIfAborted()
  const libc = hostLibc(platform, machine.report)
  const notes = [
    libcNote(platform, libc),
    ...[osVersion, translated, nvidia, amd, intel, vulkan].map((found) => found.notes),
  ]
  return {
    platform,
    arch,
    libc,
    osVersion: osVersion.fact,
    translated: translated.fact,
    nvidia: nvidia.fact,
    amd: amd.fact,
    intel: intel.fact,
    vulkan: vulkan.fact,
    notes: notes.flat(),
  }
}

function libcNote(platform: string, libc: HardwareFacts['libc']): string[] {
  if (platform !== 'linux') return []
  if (libc === null) return ['C library: not known, as the report of Node does not tell.']
  return [`C library: ${libc.family}${libc.version === null ? '' : ` ${libc.version}`}, by the report of Node.`]
}
