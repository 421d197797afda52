import { spawn } from 'node:child_process'

type Environment = Readonly<Record<string, string | undefined>>

/** Program and arguments that show an address in the user's browser; undefined where no desktop is to be seen. */
export function browserCommand(
  url: string,
  platform: NodeJS.Platform,
  env: Environment,
): readonly [program: string, ...args: string[]] | undefined {
  if (env['SSH_CONNECTION']) return undefined
  if (platform === 'darwin') return ['open', url]
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', url]
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : undefined
}

/** Starts the browser and forgets it; `failed` is called when there is none. No shell sees the address. */
export function openPage(command: readonly [program: string, ...args: string[]], failed: () => void): void {
  const [program, ...args] = command
  const child = spawn(program, args, { detached: true, stdio: 'ignore' })
  child.on('error', failed)
  child.unref()
}
