import { posix } from 'node:path'
import { importsOf, type Import } from './imports.ts'
import { depth, doors, outside, page, pureRoom, rooms, typesOnly } from './rooms.ts'

/**
 * Breaches of the rules between rooms in one file, as sentences that begin with its path.
 * `path` is relative to the root of the repository, with `/`. Tests may import anything.
 */
export function breaches(path: string, source: string): string[] {
  const found: string[] = []
  if (path.split('/').length - 1 > depth) found.push(`${path}: more than ${depth} folders deep`)
  const imports = importsOf(source)
  for (const { specifier } of imports) {
    if (isRelative(specifier) && !fileNames(path).test(specifier)) {
      found.push(`${path}: '${specifier}' must end in .ts, as Node runs it`)
    }
  }
  if (/^(src|ui)\//.test(path) && !/\.(test|config)\.ts$/.test(path)) {
    for (const one of imports) found.push(...breachesOfRoom(path, one))
  }
  return found
}

/** How the names of files in imports end. */
function fileNames(path: string): RegExp {
  return path.startsWith(`${page}/`) ? /\.(tsx?|css|json)$/ : /(\.(ts|json)|\/)$/
}

function breachesOfRoom(path: string, { specifier, typeOnly }: Import): string[] {
  const from = roomOf(path)
  if (doors.includes(from)) return []
  const allowed = rooms[from]
  if (allowed === undefined) return [`${path}: the room '${from}' is missing in scripts/rooms.ts`]
  if (!isRelative(specifier)) {
    if (from === pureRoom) return [`${path}: '${specifier}' - ${pureRoom} imports neither Node nor packages`]
    return from === page && specifier.startsWith('node:') ? [`${path}: '${specifier}' - browsers have no Node`] : []
  }
  const target = posix.join(posix.dirname(path), specifier)
  const to = roomOf(target)
  if (from !== page && outside.includes(target)) return []
  if (to === from) return []
  if (!target.startsWith('src/')) return [`${path}: '${specifier}' is outside ${from === page ? page : 'src'}/`]
  if (!allowed.includes(to)) return [`${path}: ${from} must not import ${to} ('${specifier}')`]
  const exception = typesOnly[from]?.[to]
  if (exception !== undefined && !typeOnly && target !== exception) {
    return [`${path}: ${from} may import only types of ${to}, or ${exception} ('${specifier}')`]
  }
  return []
}

/** `src/wire/types.ts` is in the room `wire`, `src/index.ts` in `index`, `ui/list/row.tsx` in `ui`. */
function roomOf(path: string): string {
  const [top, second = ''] = path.split('/')
  return top === 'src' ? second.replace(/\.ts$/, '') : top === page ? page : ''
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.')
}
