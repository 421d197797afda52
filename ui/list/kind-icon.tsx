import { Box, File, FileArchive, FileText, Film, HardDrive, Image, Music, Package } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import { fileKind } from './file-kind.ts'
import type { FileKind } from './file-kind.ts'

const icons: Readonly<Record<FileKind, IconComponent>> = {
  archive: FileArchive,
  audio: Music,
  disk: HardDrive,
  file: File,
  image: Image,
  model: Box,
  program: Package,
  text: FileText,
  video: Film,
}

/** The sort of file; its name says the same. */
export function KindIcon({ type }: { readonly type: string }) {
  const Icon = icons[fileKind(type)]
  return <Icon size={16} aria-hidden="true" />
}
