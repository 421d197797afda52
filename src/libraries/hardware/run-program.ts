import { execFile } from 'node:child_process'

const limits = { milliseconds: 3000, bytes: 256 * 1024 } as const

/**
 * What a program prints; null when it is not there, fails, prints more than 256 KiB, takes longer than 3 s or `signal` is
 * aborted. It is killed then. There is no shell: arguments are what they are.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal?: AbortSignal },
): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      {
        // Words and numbers are read, which a language of the user would change.
        env: { ...env, LC_ALL: 'C' },
        timeout: limits.milliseconds,
        maxBuffer: limits.bytes,
        killSignal: 'SIGKILL',
        windowsHide: true,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout) => resolve(error === null ? stdout : null),
    )
  })
}
