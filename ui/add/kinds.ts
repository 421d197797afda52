/** What one reference can be, by the part of the daemon that fetches it. */
export type SourceKind = 'url' | 'model' | LaterKind

/** Recognised and kindly declined. */
export type LaterKind = 'llama' | 'release'

export function isLater(kind: SourceKind): kind is LaterKind {
  return kind === 'llama' || kind === 'release'
}
