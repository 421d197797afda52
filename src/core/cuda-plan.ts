import { compareVersions } from './dotted-version.ts'
import type { BackendWish, NvidiaFacts } from './hardware.ts'

/** Newest CUDA that a driver supports, by its first number (NVIDIA, "CUDA Toolkit and corresponding driver versions"). */
const driverFloors: ReadonlyArray<readonly [driver: string, cuda: string]> = [
  ['580', '13.0'],
  ['570', '12.8'],
  ['560', '12.6'],
  ['555', '12.5'],
  ['550', '12.4'],
  ['545', '12.3'],
  ['535', '12.2'],
  ['525', '12.0'],
  ['450', '11.0'],
]
/** Compute capabilities that the builds of each major version have kernels for: from, and below. */
const kernels: ReadonlyArray<{ readonly major: number; readonly from: string; readonly below: string | null }> = [
  { major: 13, from: '7.5', below: null },
  { major: 12, from: '5.0', below: null },
  { major: 11, from: '3.5', below: '10.0' },
]

/** Which CUDA builds a machine may use, best first; without any, `reason` says why. */
export interface CudaPlan {
  readonly wishes: readonly BackendWish[]
  readonly reason: string | null
}

/**
 * The newest major version that driver and all GPUs allow comes first. Within it, versions that the driver knows come
 * before newer ones, which run by minor version compatibility.
 */
export function cudaPlan(nvidia: NvidiaFacts): CudaPlan {
  if (nvidia.driver === null && nvidia.cuda === null) return none('no NVIDIA driver was found')
  if (nvidia.gpus.length === 0) return none('the NVIDIA driver shows no GPU')
  const supported = supportedCuda(nvidia)
  if (supported === null) return none(`the NVIDIA driver ${nvidia.driver ?? ''} is older than 450`)
  const capabilities = nvidia.gpus.map(({ capability }) => capability).filter((capability) => capability !== null)
  const oldest = capabilities.toSorted(compareVersions)[0] ?? null
  const needed = neededCuda(capabilities)
  const wishes = kernels
    .filter(({ from, below }) => {
      const isOldEnough = below === null || capabilities.every((capability) => compareVersions(capability, below) < 0)
      return isOldEnough && (oldest === null || compareVersions(oldest, from) >= 0)
    })
    .filter(({ major }) => major <= majorOf(supported))
    .flatMap(({ major }) => wishesOf(major, supported, needed, nvidia, oldest))
  return wishes.length > 0
    ? { wishes, reason: null }
    : none(`no CUDA build fits compute capability ${capabilities.join(' and ')} with the driver for CUDA ${supported}`)
}

function none(reason: string): CudaPlan {
  return { wishes: [], reason }
}

function wishesOf(
  major: number,
  supported: string,
  needed: string | null,
  nvidia: NvidiaFacts,
  oldest: string | null,
): BackendWish[] {
  const atLeast = needed !== null && majorOf(needed) === major ? needed : `${major}.0`
  const driver = nvidia.driver === null ? 'The NVIDIA driver' : `NVIDIA driver ${nvidia.driver}`
  const reasons = [`${driver} supports CUDA ${supported}`]
  if (needed !== null && majorOf(needed) === major) reasons.push(`this GPU needs CUDA ${needed} or newer`)
  if (major < majorOf(supported))
    reasons.push(
      oldest !== null && major === 12 && compareVersions(oldest, '7.5') < 0
        ? `CUDA 13 has no kernels for compute capability ${oldest}`
        : `builds for CUDA ${major} run on it too`,
    )
  const why = `${reasons.join('; ')}.`
  if (major < majorOf(supported)) return [{ backend: 'cuda', atLeast, atMost: String(major), why }]
  const known: BackendWish = { backend: 'cuda', atLeast, atMost: supported, why }
  const next = nextMinor(supported)
  const newer: BackendWish = {
    backend: 'cuda',
    atLeast: compareVersions(next, atLeast) > 0 ? next : atLeast,
    atMost: String(major),
    why: `${reasons.join('; ')}; newer builds for CUDA ${major} run by minor version compatibility.`,
  }
  return compareVersions(supported, atLeast) >= 0 ? [known, newer] : [newer]
}

/** What driver and CUDA library agree on: a library for a newer major version than the driver's does not count. */
function supportedCuda({ driver, cuda }: NvidiaFacts): string | null {
  if (driver === null) return cuda
  const byDriver = driverFloors.find(([floor]) => compareVersions(driver, floor) >= 0)?.[1] ?? null
  if (cuda === null || byDriver === null) return byDriver
  return majorOf(cuda) > majorOf(byDriver) ? byDriver : cuda
}

/** Oldest toolkit that knows the newest of the GPUs; null where that is no matter. */
function neededCuda(capabilities: readonly string[]): string | null {
  if (capabilities.some((capability) => ['10.3', '12.1'].includes(capability))) return '12.9'
  return capabilities.some((capability) => compareVersions(capability, '10.0') >= 0) ? '12.8' : null
}

function majorOf(version: string): number {
  return Number(version.split('.', 1)[0])
}

function nextMinor(version: string): string {
  const [major = '0', minor = '0'] = version.split('.')
  return `${major}.${Number(minor) + 1}`
}
