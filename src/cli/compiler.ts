/**
 * Lets V8 compile hot code, or not. A single file is system calls for the most part, and without its compilers the
 * process stays 4 to 8 MB smaller; for lists of small files they pay. Applies from now on.
 */
export function compileHotCode(on: boolean): void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  for (const compiler of ['opt', 'maglev']) setFlagsFromString(`--${on ? '' : 'no-'}${compiler}`)
}
