/** What one reference can be, by the part of the daemon that fetches it. */
export type SourceKind = 'url' | 'model' | 'llama' | 'release'
