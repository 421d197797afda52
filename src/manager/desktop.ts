import { spawn } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import type { StoredDownload } from '../store/types.ts'
import type { TargetFolder } from './target-folder.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Command = readonly [program: string, ...args: string[]]

/** What the machine that the daemon runs on can show to who sits before it. */
export interface Desktop {
  readonly canOpen: boolean
  /**
   * Shows the folder of a finished file, never the file itself; `instead` is shown of a download that is no file of the
   * daemon's folder. A `wrong-state` error where there is no desktop, where others can reach the daemon, and where what was
   * downloaded is not there.
   */
  open(download: Pick<StoredDownload, 'status' | 'path'>, instead?: string): Promise<void>
}

export function createDesktop(
  folder: Pick<TargetFolder, 'contains'>,
  reachable: boolean,
  platform: NodeJS.Platform = process.platform,
  env: Environment = process.env,
): Desktop {
  const canOpen = !reachable && folderCommand('/', platform, env) !== null
  return {
    canOpen,
    async open({ status, path }, instead) {
      if (reachable) throw refused('Others can reach this daemon, so it opens no folders.')
      if (!canOpen) throw refused('The daemon sees no desktop, so it cannot open a folder.')
      if (status !== 'completed') throw refused('The download is not complete, so it has no file to show.')
      if (instead === undefined && !(await folder.contains(path))) throw refused('The file is no longer there.')
      const command = folderCommand(await realpath(instead ?? dirname(path)), platform, env)
      if (command !== null) await start(command, env)
    },
  }
}

/**
 * The program of the desktop that shows a folder; null where no desktop is to be seen. The folder is absolute, so no
 * program can take it for an option.
 */
export function folderCommand(folder: string, platform: NodeJS.Platform, env: Environment): Command | null {
  // A folder such as `x.app` is a program there, so it is only pointed at.
  if (platform === 'darwin') return extname(folder) === '' ? ['/usr/bin/open', folder] : ['/usr/bin/open', '-R', folder]
  // With its own path: a file of that name among the downloads must not be found first.
  if (platform === 'win32') return [`${env['SystemRoot'] ?? 'C:\\Windows'}\\explorer.exe`, folder]
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', folder] : null
}

/** Resolves when it runs; how it ends is its own affair. No shell sees the folder. */
function start([program, ...args]: Command, env: Environment): Promise<void> {
  const { SLUICE_KEY: _, SLUICE_TOKEN: __, ...inherited } = env
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: '/', env: inherited, shell: false, detached: true, stdio: 'ignore' })
    child.once('spawn', resolve)
    child.once('error', (cause) =>
      reject(
        new SluiceError('wrong-state', `The program that opens folders could not be started: ${program}.`, {
          hint: 'Install it (on Linux: xdg-utils), or open the folder yourself.',
          cause,
        }),
      ),
    )
    child.unref()
  })
}

function refused(sentence: string): SluiceError {
  return new SluiceError('wrong-state', sentence, { hint: 'Open the folder yourself; the download tells its path.' })
}
