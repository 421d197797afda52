import type { IfExists } from '../transfer/types.ts'

/** Where the file of a completed download shall be; one of both is needed. */
export interface MoveFileRequest {
  /** Folder below the daemon's folder, relative or absolute; default: where it is. */
  readonly dir?: string
  /** A name, not a path; default: the one that it has. */
  readonly filename?: string
  /** Default: what the settings say. */
  readonly ifExists?: IfExists
}

export interface FileMover {
  /** Gives back the path, which is the old one where `skip` left it there. */
  moveFile(id: string, request: MoveFileRequest): Promise<{ readonly id: string; readonly path: string }>
}
