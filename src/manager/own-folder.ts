import { chmod } from 'node:fs/promises'
import { SluiceError } from '../core/errors.ts'
import { makeFolder } from '../transfer/make-folder.ts'

/** Makes the folder of the daemon's own data, which only its user may look into. Rejects with `disk-permission`. */
export async function makeOwnFolder(dataDir: string): Promise<void> {
  try {
    makeFolder(dataDir, 0o700)
    await chmod(dataDir, 0o700)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SluiceError('disk-permission', `The folder for the daemon's own data cannot be used: ${reason}`, {
      hint: 'Give another with --data-dir, one that you may write to.',
      cause,
    })
  }
}
