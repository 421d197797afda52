import type { NvidiaFacts } from '../../core/hardware.ts'
import { cleanText } from '../load/clean-text.ts'

const maxGpus = 64
const bytesOf = { MiB: 1024 ** 2, GiB: 1024 ** 3 } as const

/**
 * Rows of `nvidia-smi --query-gpu=name,driver_version,memory.total[,compute_cap] --format=csv,noheader`. What it does not
 * tell (`[N/A]`) is null; null where not a row is one of those.
 */
export function parseSmiGpus(text: string): Pick<NvidiaFacts, 'driver' | 'gpus'> | null {
  let driver: string | null = null
  const gpus: Array<NvidiaFacts['gpus'][number]> = []
  for (const line of text.split(/\r?\n/).slice(0, maxGpus)) {
    const row =
      /^(.{1,200}), (\S{1,40}|\[.{1,40}\]), (\d{1,9} [MG]iB|\[.{1,40}\])(?:, (\d{1,3}\.\d{1,3}|\[.{1,40}\]))?\s*$/.exec(
        line,
      )
    if (row === null) continue
    driver ??= versionOf(row[2])
    const capability = /^\d/.test(row[4] ?? '') ? (row[4] ?? null) : null
    gpus.push({ name: cleanText(row[1]), capability, memory: memoryOf(row[3] ?? '') })
  }
  return gpus.length === 0 ? null : { driver, gpus }
}

/** The newest CUDA that the driver supports, in the table that `nvidia-smi` prints without arguments. */
export function parseSmiBanner(text: string): string | null {
  return /\bCUDA (?:UMD )?Version\s{0,8}:\s{0,8}(\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? null
}

/** The driver's version in `/proc/driver/nvidia/version`. */
export function parseKernelVersion(text: string): string | null {
  return /^NVRM version:[^\n]{0,200}?\s(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)\s/m.exec(text)?.[1] ?? null
}

/** The name in `/proc/driver/nvidia/gpus/<address>/information`. */
export function parseGpuInformation(text: string): string | null {
  const name = /^Model:[ \t]{0,40}(\S[^\n]{0,200})$/m.exec(text)?.[1]
  return name === undefined ? null : cleanText(name) || null
}

function versionOf(text: string | undefined): string | null {
  return /^\d{1,4}(?:\.\d{1,4}){1,2}$/.test(text ?? '') ? (text ?? null) : null
}

function memoryOf(text: string): number | null {
  const [, amount, unit] = /^(\d{1,9}) (MiB|GiB)$/.exec(text) ?? []
  return amount === undefined ? null : Number(amount) * bytesOf[unit === 'GiB' ? 'GiB' : 'MiB']
}
