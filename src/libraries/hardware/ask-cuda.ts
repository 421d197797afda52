import type { NvidiaFacts } from '../../core/hardware.ts'
import type { Koffi, NativeLibrary } from '../load/koffi.ts'
import { checked, cudaVersion, loadFirst, maybe, textIn } from './native-library.ts'

/* NVIDIA, "CUDA Driver API". */

const maxGpus = 64
const noDevice = 100
/** CUdevice_attribute. */
const capability = { major: 75, minor: 76 } as const

/**
 * What CUDA's part of the driver says, with the GPUs that CUDA_VISIBLE_DEVICES leaves; null without that library. The
 * driver's own version is not told. `not-loadable` where it does not work.
 */
export function askCuda(koffi: Koffi): NvidiaFacts | null {
  const library = loadFirst(koffi, paths())
  if (library === null) return null
  const cuda = maybe(() => cudaVersion(numberFrom(library, 'cuDriverGetVersion')))
  if (checked(library, 'cuInit', ['uint'], noDevice)(0) === noDevice) return { driver: null, cuda, gpus: [] }
  const count = Math.min(numberFrom(library, 'cuDeviceGetCount'), maxGpus)
  return { driver: null, cuda, gpus: Array.from({ length: count }, (_, index) => gpuOf(library, index)) }
}

function gpuOf(library: NativeLibrary, index: number): NvidiaFacts['gpus'][number] {
  const device = numberFrom(library, 'cuDeviceGet', ['int'], index)
  const name = Buffer.alloc(256)
  checked(library, 'cuDeviceGetName', ['void *', 'int', 'int'])(name, name.length, device)
  const attribute = (which: number): number =>
    numberFrom(library, 'cuDeviceGetAttribute', ['int', 'int'], which, device)
  return {
    name: textIn(name),
    capability: maybe(() => `${attribute(capability.major)}.${attribute(capability.minor)}`),
    memory: maybe(() => {
      const bytes = Buffer.alloc(8)
      checked(library, 'cuDeviceTotalMem_v2', ['void *', 'int'])(bytes, device)
      return Number(bytes.readBigUInt64LE())
    }),
  }
}

/** The number that a function writes to where its first argument points. */
function numberFrom(library: NativeLibrary, name: string, args: readonly string[] = [], ...values: number[]): number {
  const number = Buffer.alloc(4)
  checked(library, name, ['void *', ...args])(number, ...values)
  return number.readInt32LE()
}

function paths(): string[] {
  if (process.platform !== 'win32') return ['libcuda.so.1', '/usr/lib/wsl/lib/libcuda.so.1']
  return [`${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\nvcuda.dll`]
}
