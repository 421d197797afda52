import { SluiceError } from '../../core/errors.ts'
import { buildNumber } from '../../core/llama-version.ts'
import type { LibraryFacts } from '../types.ts'
import { cleanText } from './clean-text.ts'
import type { NativeFunction } from './koffi.ts'

/** What a loaded library says of itself, and what of its folder did not work. */
export interface LoadedFacts extends LibraryFacts {
  /** What `ggml_commit` says, null where there is no such function. */
  readonly ggmlCommit: string | null
  /** Most devices that one model can be spread over; null where the library does not tell. */
  readonly maxDevices: number | null
  /** Backends in its folder that could not be loaded, each with the reason: sentences for people. */
  readonly problems: readonly string[]
}

/** Gives a function of the library by its name, null where it has none of that name. */
export type Lookup = (name: string, result: string, args: readonly string[]) => NativeFunction | null

/** The build from which on GPUs that share the memory of the CPU have a kind of their own, which is number 2 there. */
const firstWithIntegrated = 6450
const kinds: readonly string[] = ['cpu', 'gpu', 'igpu', 'accel', 'meta']
const olderKinds: readonly string[] = ['cpu', 'gpu', 'accel']
/** More than any machine has. */
const maxListed = 256

/** The devices that the backends found: none without a backend. */
export function devicesOf(look: Lookup, tag: string): LibraryFacts['devices'] {
  const count = needed(look, 'ggml_backend_dev_count', 'size_t', [])
  const get = needed(look, 'ggml_backend_dev_get', 'void *', ['size_t'])
  const name = needed(look, 'ggml_backend_dev_name', 'str', ['void *'])
  const description = needed(look, 'ggml_backend_dev_description', 'str', ['void *'])
  const kind = needed(look, 'ggml_backend_dev_type', 'int', ['void *'])
  const names = (buildNumber(tag) ?? firstWithIntegrated) >= firstWithIntegrated ? kinds : olderKinds
  return Array.from({ length: Math.min(Number(count()), maxListed) }, (_, index) => {
    const device = get(index)
    return {
      name: cleanText(name(device)),
      description: cleanText(description(device)),
      kind: names[Number(kind(device))] ?? 'other',
    }
  })
}

/** What the library tells by functions that older or newer ones may lack. */
export function wordsOf(look: Lookup): Omit<LoadedFacts, 'tag' | 'libraryPath' | 'devices' | 'problems'> {
  const text = (name: string): string | null => {
    const call = look(name, 'str', [])
    return call === null ? null : cleanText(call())
  }
  const maxDevices = look('llama_max_devices', 'size_t', [])
  return {
    llamaVersion: text('llama_version'),
    ggmlVersion: text('ggml_version'),
    ggmlCommit: text('ggml_commit'),
    systemInfo: text('llama_print_system_info') ?? '',
    supportsGpu: look('llama_supports_gpu_offload', 'bool', [])?.() === true,
    maxDevices: maxDevices === null ? null : Number(maxDevices()),
  }
}

/** A function that every library since b4545 has. */
export function needed(look: Lookup, name: string, result: string, args: readonly string[]): NativeFunction {
  const found = look(name, result, args)
  if (found !== null) return found
  throw new SluiceError('not-loadable', `The library has no function ${name}: it is none of llama.cpp, or too old.`, {
    hint: 'Take b4545 or newer.',
  })
}
