import type { Unpacked, UnpackRequest } from '../archive-types.ts'

/** Being written. */
export async function unpackArchive(request: UnpackRequest): Promise<Unpacked> {
  throw new Error(`not yet: ${request.archive}`)
}
