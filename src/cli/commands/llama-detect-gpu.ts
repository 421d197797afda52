import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { backendPlan, leftOut } from '../../core/backend-plan.ts'
import type { BackendWish, HardwareFacts } from '../../core/hardware.ts'
import { detectHardware } from '../../libraries/hardware/detect-hardware.ts'
import type { CommandContext } from '../command.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'

/** `sluice llama detect-gpu`: what this machine has, and in which order it would be used. */
export async function runDetectGpu(
  settings: Settings<LlamaOption>,
  operands: readonly string[],
  { screen: { out } }: CommandContext,
): Promise<number> {
  noOperands(operands)
  const facts = await detectHardware()
  const plan = backendPlan(facts)
  const notes = [...facts.notes, ...leftOut(facts)]
  if (settings.flag('json')) {
    out.line(cleanJson({ type: 'hardware', ...facts, plan, notes }))
    return 0
  }
  for (const [label, text] of found(facts)) out.line(`${`${label}:`.padEnd(9)}${clean(text)}`)
  out.line('Plan:')
  for (const [index, wish] of plan.entries()) out.line(`  ${index + 1}. ${wishText(wish)}`)
  if (notes.length > 0) out.line('Notes:')
  for (const note of notes) out.line(`  ${clean(note)}`)
  return 0
}

function found({
  platform,
  arch,
  libc,
  osVersion,
  translated,
  nvidia,
  amd,
  intel,
  vulkan,
}: HardwareFacts): Array<[string, string]> {
  const system = [platform, arch, ...(libc === null ? [] : [`${libc.family} ${libc.version ?? ''}`.trim()])]
  if (osVersion !== null) system.push(osVersion)
  const listed = (names: readonly string[] | undefined): string =>
    names === undefined ? 'not found' : names.length === 0 ? 'no device' : names.join(', ')
  const cuda = nvidia?.gpus.map(({ name, capability }) => (capability === null ? name : `${name} (${capability})`))
  const driver = nvidia === null ? '' : `, driver ${nvidia.driver ?? 'unknown'}, CUDA up to ${nvidia.cuda ?? 'unknown'}`
  const isApple = platform === 'darwin' && arch === 'arm64'
  return [
    ['System', `${system.join(', ')}${translated ? ', under Rosetta' : ''}`],
    ['CUDA', `${listed(cuda)}${driver}`],
    ['HIP', listed(amd?.gpus.map(({ name, gfx }) => (gfx === null ? name : `${name} (${gfx})`)))],
    ['Vulkan', listed(vulkan?.devices.map(({ name, kind }) => `${name} (${kind})`))],
    ['OpenCL', 'used on request only: --variant opencl-adreno'],
    ['SYCL', intel?.gpu === true ? `Intel GPU${intel.levelZero ? '' : ', but no Level Zero'}` : 'not found'],
    ['Metal', isApple ? 'found' : 'not on this system'],
  ]
}

function wishText({ backend, atLeast, atMost, why }: BackendWish): string {
  const range = atLeast === null ? '' : ` ${atLeast}${atMost === null || atMost === atLeast ? '' : ` to ${atMost}`}`
  return clean(`${backend}${range}: ${why}`)
}
