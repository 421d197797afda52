import { asSluiceError, SluiceError } from '../../core/errors.ts'

/** The package that calls native libraries. Optional: it has a binary of its own for each platform. */
export type Koffi = typeof import('koffi')
export type NativeLibrary = ReturnType<Koffi['load']>
export type NativeFunction = (...args: unknown[]) => unknown

/** Why no library can be loaded on this machine, whatever it is: the error of `koffiModule`; null where it works. */
export async function koffiProblem(): Promise<SluiceError | null> {
  try {
    await koffiModule()
    return null
  } catch (error) {
    return asSluiceError(error)
  }
}

/** Loads koffi; `not-loadable` where it, or its part for this platform, is not installed. */
export async function koffiModule(): Promise<Koffi> {
  try {
    return await import('koffi')
  } catch (error) {
    throw new SluiceError('not-loadable', 'Native libraries cannot be called here: the package koffi does not work.', {
      hint: `Install it with its optional parts: npm install koffi. It must have one for ${process.platform}-${process.arch}.`,
      cause: error,
    })
  }
}
