import type { Client } from '../client/client.ts'
import { asSluiceError } from '../core/errors.ts'
import type { MoveFileRequest } from '../server/api-types.ts'

/**
 * Moves the file of a download and gives its path. A copy to another disk may take longer than an answer is waited for:
 * then the daemon is asked again after each `pause` until the file has its new place, or the reason why not is told.
 */
export async function moveToEnd(
  daemon: Pick<Client, 'get' | 'moveFile'>,
  id: string,
  request: MoveFileRequest,
  pause: () => Promise<unknown>,
): Promise<string> {
  const { path: before } = await daemon.get(id)
  for (let isOurs = false; ; isOurs = true) {
    try {
      return (await daemon.moveFile(id, request)).path
    } catch (error) {
      const { code } = asSluiceError(error)
      if (code !== 'headers-timeout' && !(isOurs && code === 'in-use')) throw error
    }
    await pause()
    const { path } = await daemon.get(id)
    if (path !== before) return path
  }
}
