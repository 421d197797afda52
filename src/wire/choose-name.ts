import { safeFileName, splitExtension } from '../core/file-name.ts'
import { decodePercent } from '../core/url.ts'
import { fileNameFromContentDisposition } from './content-disposition.ts'

export interface NameSources {
  /** The field's bytes as Latin-1 characters. */
  readonly contentDisposition: string | undefined
  /** What the user asked for. */
  readonly requestUrl: URL
  /** What answered after redirects. */
  readonly finalUrl: URL
  /** Content-Type, parameters allowed. */
  readonly contentType: string | undefined
}

/** Types that say more than "some bytes" and have one usual extension. */
const extensions: Readonly<Record<string, string>> = {
  'application/zip': '.zip',
  'application/gzip': '.gz',
  'application/zstd': '.zst',
  'application/x-xz': '.xz',
  'application/x-bzip2': '.bz2',
  'application/x-tar': '.tar',
  'application/x-7z-compressed': '.7z',
  'application/pdf': '.pdf',
  'application/json': '.json',
  'application/xml': '.xml',
  'application/wasm': '.wasm',
  'application/epub+zip': '.epub',
  'application/java-archive': '.jar',
  'application/vnd.debian.binary-package': '.deb',
  'application/x-rpm': '.rpm',
  'application/x-iso9660-image': '.iso',
  'application/vnd.android.package-archive': '.apk',
  'text/html': '.html',
  'text/csv': '.csv',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/svg+xml': '.svg',
  'audio/mpeg': '.mp3',
  'audio/flac': '.flac',
  'audio/ogg': '.ogg',
  'video/mp4': '.mp4',
  'video/webm': '.webm',
  'video/x-matroska': '.mkv',
}

/**
 * A safe name for a download: Content-Disposition, else the last path segment of the requested URL, else of the final
 * one, else the host, else `download`. An extension comes from the type only where the name has none.
 */
export function chooseFileName(sources: NameSources): string {
  const { contentDisposition, requestUrl, finalUrl, contentType } = sources
  const disposed = contentDisposition === undefined ? undefined : fileNameFromContentDisposition(contentDisposition)
  const fromPath = disposed ?? lastSegment(requestUrl) ?? lastSegment(finalUrl)
  const name = safeFileName(fromPath ?? requestUrl.hostname.replace(/^\[|\]$/g, ''))
  // A host ends like `.com`: that is no extension.
  if (fromPath !== undefined && hasExtension(name)) return name
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return Object.hasOwn(extensions, type) ? safeFileName(name + extensions[type]) : name
}

function lastSegment(url: URL): string | undefined {
  const path = url.pathname
  const decoded = decodePercent(path.slice(path.lastIndexOf('/') + 1))
  const part = decoded.slice(Math.max(decoded.lastIndexOf('/'), decoded.lastIndexOf('\\')) + 1).trim()
  return part === '' || part === '.' || part === '..' ? undefined : part
}

/** `v1.5` ends in a number, not in an extension. */
function hasExtension(name: string): boolean {
  return /\p{L}/u.test(splitExtension(name)[1])
}
