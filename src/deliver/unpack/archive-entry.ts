/** An entry as its archive tells it. Nothing of it was checked but that readers of its format agree on it. */
export type ArchiveEntry = FolderEntry | LinkEntry | FileEntry

interface FolderEntry {
  readonly kind: 'folder'
  readonly name: string
}

export interface LinkEntry {
  readonly kind: 'link' | 'hard-link'
  readonly name: string
  /** Of a link relative to its folder, of a hard link to the top of the archive. */
  readonly target: string
}

export interface FileEntry {
  readonly kind: 'file'
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly executable: boolean
  /** CRC-32 of the content, null where the format has none for each file. */
  readonly crc: number | null
  /** The content. It must be read to its end before the next entry; a piece is good until the next one. */
  readonly pieces: AsyncIterable<Uint8Array>
}
