import type { NvidiaFacts } from '../../core/hardware.ts'
import { field, isRecord } from '../../core/json-record.ts'
import { cleanText } from '../load/clean-text.ts'

const maxDevices = 64
const maxName = 200

/** A device as Vulkan tells it. `type` is a VkPhysicalDeviceType, `vendor` a number of PCI. */
export interface VulkanDevice {
  readonly name: string
  readonly type: number
  readonly vendor: number
}

/** What the child says of NVML or CUDA; null where there is no such driver. Fields that make no sense are null. */
export function readNvidiaAnswer(answer: unknown): NvidiaFacts | null {
  if (!isRecord(answer)) return null
  return {
    driver: textLike(field(answer, 'driver'), /^\d{1,4}(?:\.\d{1,4}){1,2}$/),
    cuda: textLike(field(answer, 'cuda'), /^\d{1,3}\.\d{1,3}$/),
    gpus: recordsOf(field(answer, 'gpus')).map((gpu) => ({
      name: cleanText(field(gpu, 'name'), maxName) || 'NVIDIA GPU',
      capability: textLike(field(gpu, 'capability'), /^\d{1,3}\.\d{1,3}$/),
      memory: countLike(field(gpu, 'memory')),
    })),
  }
}

/** What the child says of Vulkan; null where there is no loader. */
export function readVulkanAnswer(answer: unknown): readonly VulkanDevice[] | null {
  if (!isRecord(answer)) return null
  return recordsOf(field(answer, 'devices')).map((device) => ({
    name: cleanText(field(device, 'name'), maxName) || 'unknown',
    type: countLike(field(device, 'type')) ?? 0,
    vendor: countLike(field(device, 'vendor')) ?? 0,
  }))
}

function recordsOf(value: unknown): Array<Readonly<Record<string, unknown>>> {
  return Array.isArray(value) ? value.slice(0, maxDevices).filter(isRecord) : []
}

function textLike(value: unknown, pattern: RegExp): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null
}

function countLike(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null
}
