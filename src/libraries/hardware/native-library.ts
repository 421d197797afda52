import { SluiceError } from '../../core/errors.ts'
import type { Koffi, NativeFunction, NativeLibrary } from '../load/koffi.ts'

/** The first library that can be loaded, null where none of them is there. */
export function loadFirst(koffi: Koffi, paths: readonly string[]): NativeLibrary | null {
  for (const path of paths) {
    try {
      return koffi.load(path)
    } catch {
      // Not on this machine; the next may be.
      continue
    }
  }
  return null
}

/** A function that gives 0, or what else is `accepted`: `not-loadable` when it gives another number, which is its reason. */
export function checked(
  library: NativeLibrary,
  name: string,
  args: readonly string[],
  accepted = 0,
): (...values: unknown[]) => number {
  const call: NativeFunction = library.func(name, 'int', [...args])
  return (...values) => {
    const result = Number(call(...values))
    if (result === 0 || result === accepted) return result
    throw new SluiceError('not-loadable', `${name} of the driver answers ${result}.`)
  }
}

/** Gives what `read` gives, null where it fails: for facts that a driver may be too old to tell. */
export function maybe<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    // An older driver has no such function, or none for this device: the fact is then not known.
    return null
  }
}

/** The text up to its NUL. */
export function textIn(buffer: Buffer): string {
  const end = buffer.indexOf(0)
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end)
}

/** CUDA's 13010 is 13.1. */
export function cudaVersion(value: number): string {
  return `${Math.floor(value / 1000)}.${Math.floor((value % 1000) / 10)}`
}
