/** What one reference can be, by the part of the daemon that fetches it. */
export type SourceKind = 'url' | 'model' | 'llama' | 'release'

/** The sources that the daemon has. One that is false is recognised and kindly declined; true is all that it takes. */
export const sources: Readonly<Record<SourceKind, boolean>> = { url: true, model: false, llama: false, release: false }
