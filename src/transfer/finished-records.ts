import type { FinishedFile } from './finished-files.ts'

/** Records of finished files, one for each path; the one put last holds. */
export interface FinishedRecords {
  readonly size: number
  get(path: string): FinishedFile | undefined
  /** Those of a session id, in the order in which they were put. */
  ofId(id: string): readonly FinishedFile[]
  /** All, the newest last. */
  values(): Iterable<FinishedFile>
  /** With `most` of them kept, the oldest gives way. */
  put(file: FinishedFile): void
}

/** `most`: how many are kept, Infinity by default. */
export function createFinishedRecords(most = Infinity): FinishedRecords {
  const byPath = new Map<string, FinishedFile>()
  // Most runs never ask by id, and then it would only take memory.
  let pathsOfId: Map<string, Set<string>> | undefined

  return {
    get size() {
      return byPath.size
    },
    get: (path) => byPath.get(path),
    ofId(id) {
      if (pathsOfId === undefined) {
        pathsOfId = new Map()
        for (const file of byPath.values()) enter(pathsOfId, file)
      }
      return Array.from(pathsOfId.get(id) ?? [], (path) => byPath.get(path)).filter((file) => file !== undefined)
    },
    values: () => byPath.values(),
    put(file) {
      drop(file.path)
      byPath.set(file.path, file)
      if (pathsOfId) enter(pathsOfId, file)
      if (byPath.size <= most) return
      const [oldest] = byPath.keys()
      if (oldest !== undefined) drop(oldest)
    },
  }

  function drop(path: string): void {
    const file = byPath.get(path)
    if (file === undefined) return
    byPath.delete(path)
    const paths = pathsOfId?.get(file.id)
    paths?.delete(path)
    if (paths?.size === 0) pathsOfId?.delete(file.id)
  }
}

function enter(pathsOfId: Map<string, Set<string>>, { id, path }: FinishedFile): void {
  const paths = pathsOfId.get(id)
  if (paths) paths.add(path)
  else pathsOfId.set(id, new Set([path]))
}
