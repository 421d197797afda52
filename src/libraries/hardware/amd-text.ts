import type { HardwareFacts } from '../../core/hardware.ts'
import { cleanText } from '../load/clean-text.ts'

const maxAgents = 64

/**
 * The chip in a `properties` file of the kernel's compute topology: `gfx_target_version 110001` is gfx1101 (major, minor and
 * step in two digits each; the step is one hexadecimal digit in the name). Null for nodes that are no GPU.
 */
export function parseKfdNode(text: string): string | null {
  const version = numberOf(text, 'gfx_target_version')
  if (version === 0 || numberOf(text, 'simd_count') === 0) return null
  const [major, minor, step] = [Math.floor(version / 10_000), Math.floor(version / 100) % 100, version % 100]
  return `gfx${major}${minor.toString(16)}${step.toString(16)}`
}

function numberOf(text: string, key: string): number {
  return Number(new RegExp(`^${key} (\\d{1,7})\\s*$`, 'm').exec(text)?.[1] ?? 0)
}

/** The GPUs among the agents that `rocminfo` prints. */
export function parseRocminfo(text: string): NonNullable<HardwareFacts['amd']>['gpus'] {
  const agents = text.split(/^\*+[ \t]*\r?\nAgent \d+[ \t]*\r?\n\*+[ \t]*$/m).slice(1, 1 + maxAgents)
  return agents
    .filter((agent) => lineOf(agent, 'Device Type') === 'GPU')
    .map((agent) => {
      const chip = lineOf(agent, 'Name')
      const name = cleanText(lineOf(agent, 'Marketing Name'))
      return { name: name === '' ? 'AMD GPU' : name, gfx: /^gfx[\da-f]{3,5}$/.test(chip) ? chip : null }
    })
}

function lineOf(text: string, key: string): string {
  return new RegExp(`^ {2}${key}:[ \\t]{0,40}(\\S[^\\n]{0,200})$`, 'm').exec(text)?.[1]?.trim() ?? ''
}
