/** Milliseconds, many times what one takes. */
const longestCompilation = 25

let isOn = false

/**
 * Lets V8 compile hot code, or not. A single file is system calls for the most part, and without a compiler the process
 * stays 6 to 10 MB smaller; for lists of small files it pays. That is Maglev alone: TurboFan takes 6 MB more, and more
 * processor time than its code saves. Applies from now on.
 */
export function compileHotCode(on: boolean): void {
  // A launcher may have started Node with the flags, which saves more than setting them here.
  if (!on && process.execArgv.includes('--no-opt')) return
  isOn = on
  // A thread that compiles may wait for the main thread to collect garbage, which never happens when that waits for the
  // thread in its exit: a command hung there, once in a hundred (nodejs/node#54918).
  setFlags('--no-concurrent-recompilation', '--no-concurrent-sparkplug')
  // Short-lived objects would pile up to 16 MB before V8 looks at them: 20 to 45 MB for no gain in time.
  setFlags('--no-opt', `--${on ? '' : 'no-'}maglev`, '--semi-space-growth-factor=1')
}

/**
 * The same for the daemon, which runs for long and should not be in the way: only what stays hot is compiled, and heaps
 * are compacted early. 10 MB less, and 30 MB with thousands of downloads, for the same processor time as with all
 * compilers. The launcher of a checkout sets the same flags (runtime/sluice.js).
 */
export function compileForDaemon(): void {
  compileHotCode(true)
  setFlags('--no-sparkplug', '--invocation-count-for-maglev=1000', '--invocation-count-for-maglev-osr=500')
  setFlags('--optimize-for-size')
}

/**
 * To be waited for before the process exits: the main thread of a plain `node` has begun with a thread that compiles for
 * it, and that goes on doing so.
 */
export async function stopCompiling(): Promise<void> {
  if (!isOn) return
  setFlags('--no-maglev')
  await new Promise((resolve) => setTimeout(resolve, longestCompilation))
}

function setFlags(...flags: readonly string[]): void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  for (const flag of flags) setFlagsFromString(flag)
}
