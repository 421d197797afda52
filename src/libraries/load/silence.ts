import type { Koffi } from './koffi.ts'
import type { Lookup } from './library-facts.ts'

/**
 * Suppresses the log of a library until the function that is given back is called. Its threads may log at any time, and a
 * function of JavaScript can be called from this thread only: so `abs` of the C library stands in, which takes the level
 * and has no effect. Where there is none the log goes on.
 */
export function silence(koffi: Koffi, look: Lookup): () => void {
  const nothing = harmless(koffi)
  const setters = ['llama_log_set', 'ggml_log_set'].map((name) => look(name, 'void', ['void *', 'void *']))
  const setAll = (target: unknown): void => setters.forEach((set) => set?.(target, null))
  if (nothing === null) return () => {}
  setAll(nothing)
  return () => setAll(null)
}

function harmless(koffi: Koffi): unknown {
  try {
    return koffi.load(process.platform === 'win32' ? 'ucrtbase.dll' : null).symbol('abs')
  } catch {
    // A C library that shows no functions, as in a static program.
    return null
  }
}
