import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { safeFileName } from './file-name.ts'

const maxBytes = 4_096
const maxDepth = 64

/**
 * A relative path out of a title that somebody else chose, `/` between its parts. Only what is safe on every system as it
 * is passes, but for two changes: NFC, and leading dots of a part become `_`. All else is refused (`bad-manifest`) and not
 * renamed: a title that leads elsewhere was not written by accident.
 */
export function artifactPath(title: string): string {
  if (title === '') throw bad(title, 'is empty')
  if (title.length > maxBytes || new TextEncoder().encode(title).length > maxBytes)
    throw bad(title, `is longer than ${maxBytes} bytes`)
  if (title.startsWith('/')) throw bad(title, 'is absolute')
  const parts = title.normalize('NFC').split('/')
  if (parts.length > maxDepth) throw bad(title, `has more than ${maxDepth} parts`)
  return parts.map((part) => safePart(part, title)).join('/')
}

/** The same for paths that are one file on a system that takes upper and lower case, or composed letters, for the same. */
export function pathKey(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

/** Refuses (`bad-manifest`) two paths that are one file on some system, and a file that is the folder of another. */
export function checkDistinct(paths: Iterable<string>): void {
  const files = new Set<string>()
  const folders = new Set<string>()
  for (const path of paths) {
    const key = pathKey(path)
    if (files.has(key)) throw bad(path, 'is there twice; on some systems, upper and lower case are the same')
    files.add(key)
    for (let slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) folders.add(key.slice(0, slash))
  }
  for (const file of files) if (folders.has(file)) throw bad(file, 'is a file and a folder')
}

function safePart(part: string, title: string): string {
  if (part === '') throw bad(title, 'has an empty part')
  if (part === '.' || part === '..') throw bad(title, `has the part "${part}"`)
  const name = part.replace(/^\.+/, (dots) => '_'.repeat(dots.length))
  if (safeFileName(name) !== name) throw bad(title, 'is no file name on every system')
  return name
}

function bad(title: string, fault: string): SluiceError {
  return new SluiceError('bad-manifest', `The title "${excerpt(title)}" of a layer ${fault}.`)
}
