/**
 * Lets V8 compile hot code, or not. A single file is system calls for the most part, and without its compilers the
 * process stays 6 to 10 MB smaller; for lists of small files and the daemon they pay. Applies from now on.
 */
export function compileHotCode(on: boolean): void {
  // A launcher may have started Node with the flags, which saves more than setting them here.
  if (!on && process.execArgv.includes('--no-opt')) return
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  for (const compiler of ['opt', 'maglev']) setFlagsFromString(`--${on ? '' : 'no-'}${compiler}`)
  // Short-lived objects would pile up to 16 MB before V8 looks at them: 20 to 45 MB for no gain in time.
  setFlagsFromString('--semi-space-growth-factor=1')
}
