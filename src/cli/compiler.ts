/**
 * Lets V8 compile hot code, or not. A single file is system calls for the most part, and without its compilers the
 * process stays 6 to 10 MB smaller; for lists of small files they pay. With `roomy` V8 lets short-lived objects pile up
 * to 16 MB before it looks at them: a little faster for lists, and for the daemon 20 to 30 MB without gain. Applies from
 * now on.
 */
export function compileHotCode(on: boolean, roomy = on): void {
  // A launcher may have started Node with the flags, which saves more than setting them here.
  if (!on && process.execArgv.includes('--no-opt')) return
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  for (const compiler of ['opt', 'maglev']) setFlagsFromString(`--${on ? '' : 'no-'}${compiler}`)
  setFlagsFromString(`--semi-space-growth-factor=${roomy ? 2 : 1}`)
}
