/** What one reference can be, by the part of the daemon that fetches it. */
export type SourceKind = 'url' | 'model' | 'llama' | LaterKind

/** Recognised and kindly declined: the command line has it. */
export type LaterKind = 'release'

export function isLater(kind: SourceKind): kind is LaterKind {
  return kind === 'release'
}
