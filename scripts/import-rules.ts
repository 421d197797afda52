import { posix } from 'node:path'
import { importsOf, type Import } from './imports.ts'
import { depth, door, manifest, pureRoom, rooms, typesOnly } from './rooms.ts'

/**
 * Breaches of the rules between rooms in one file, as sentences that begin with its path.
 * `path` is relative to the root of the repository, with `/`. Tests may import anything.
 */
export function breaches(path: string, source: string): string[] {
  const found: string[] = []
  if (path.split('/').length - 1 > depth) found.push(`${path}: more than ${depth} folders deep`)
  const imports = importsOf(source)
  for (const { specifier } of imports) {
    if (isRelative(specifier) && !/\.(ts|json)$/.test(specifier)) {
      found.push(`${path}: '${specifier}' must end in .ts, as Node runs it`)
    }
  }
  if (path.startsWith('src/') && !path.endsWith('.test.ts')) {
    for (const one of imports) found.push(...breachesOfRoom(path, one))
  }
  return found
}

function breachesOfRoom(path: string, { specifier, typeOnly }: Import): string[] {
  const from = roomOf(path)
  if (from === door) return []
  const allowed = rooms[from]
  if (allowed === undefined) return [`${path}: the room '${from}' is missing in scripts/rooms.ts`]
  if (!isRelative(specifier)) {
    return from === pureRoom ? [`${path}: '${specifier}' - ${pureRoom} imports neither Node nor packages`] : []
  }
  const target = posix.join(posix.dirname(path), specifier)
  const to = roomOf(target)
  if (target === manifest) return []
  if (!target.startsWith('src/')) return [`${path}: '${specifier}' is outside src/`]
  if (to === from) return []
  if (!allowed.includes(to)) return [`${path}: ${from} must not import ${to} ('${specifier}')`]
  const exception = typesOnly[from]?.[to]
  if (exception !== undefined && !typeOnly && target !== exception) {
    return [`${path}: ${from} may import only types of ${to}, or ${exception} ('${specifier}')`]
  }
  return []
}

/** `src/wire/types.ts` is in the room `wire`, `src/index.ts` in `index`. */
function roomOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '')
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.')
}
