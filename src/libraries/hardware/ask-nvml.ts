import type { NvidiaFacts } from '../../core/hardware.ts'
import type { Koffi, NativeLibrary } from '../load/koffi.ts'
import { checked, cudaVersion, loadFirst, maybe, textIn } from './native-library.ts'

/* NVIDIA, "NVML API Reference". */

const maxGpus = 64

/** What the management library of the driver says; null without one. `not-loadable` where it does not work. */
export function askNvml(koffi: Koffi): NvidiaFacts | null {
  const library = loadFirst(koffi, paths())
  if (library === null) return null
  checked(library, 'nvmlInit_v2', [])()
  const count = Buffer.alloc(4)
  checked(library, 'nvmlDeviceGetCount_v2', ['void *'])(count)
  return {
    driver: maybe(() => {
      const text = Buffer.alloc(96)
      checked(library, 'nvmlSystemGetDriverVersion', ['void *', 'uint'])(text, text.length)
      return textIn(text)
    }),
    cuda: maybe(() => {
      const version = Buffer.alloc(4)
      checked(library, 'nvmlSystemGetCudaDriverVersion_v2', ['void *'])(version)
      return cudaVersion(version.readInt32LE())
    }),
    gpus: Array.from({ length: Math.min(count.readUInt32LE(), maxGpus) }, (_, index) => gpuOf(library, index)),
  }
}

function gpuOf(library: NativeLibrary, index: number): NvidiaFacts['gpus'][number] {
  const handle = Buffer.alloc(8)
  checked(library, 'nvmlDeviceGetHandleByIndex_v2', ['uint', 'void *'])(index, handle)
  const device = handle.readBigUInt64LE()
  const name = Buffer.alloc(96)
  checked(library, 'nvmlDeviceGetName', ['void *', 'void *', 'uint'])(device, name, name.length)
  return {
    name: textIn(name),
    capability: maybe(() => {
      const [major, minor] = [Buffer.alloc(4), Buffer.alloc(4)]
      checked(library, 'nvmlDeviceGetCudaComputeCapability', ['void *', 'void *', 'void *'])(device, major, minor)
      return `${major.readInt32LE()}.${minor.readInt32LE()}`
    }),
    memory: maybe(() => {
      // nvmlMemory_t: total, free and used, in bytes.
      const memory = Buffer.alloc(24)
      checked(library, 'nvmlDeviceGetMemoryInfo', ['void *', 'void *'])(device, memory)
      return Number(memory.readBigUInt64LE())
    }),
  }
}

function paths(): string[] {
  if (process.platform !== 'win32') return ['libnvidia-ml.so.1', '/usr/lib/wsl/lib/libnvidia-ml.so.1']
  const { SystemRoot = 'C:\\Windows', ProgramFiles = 'C:\\Program Files' } = process.env
  return [`${SystemRoot}\\System32\\nvml.dll`, `${ProgramFiles}\\NVIDIA Corporation\\NVSMI\\nvml.dll`]
}
