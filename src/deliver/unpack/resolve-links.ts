import { badArchive, showEntry } from '../bad-archive.ts'
import type { ArchiveMap } from './archive-map.ts'
import { textProblem } from './entry-path.ts'

/** As many links in a row as Linux follows. */
const maxHops = 40

export interface LinkWork {
  readonly map: ArchiveMap
  /** Targets by the path of the link. */
  readonly links: ReadonlyMap<string, string>
  /** A better target for a link that leads to nothing in the archive, or null. */
  readonly mend?: ((path: string, target: string) => string | null) | undefined
  readonly onWarning?: ((message: string) => void) | undefined
}

export interface ResolvedLink {
  /** As written, or mended. */
  readonly target: string
  /** Path of the file that it leads to in the end. */
  readonly file: string
  /** Paths of other links on the way. */
  readonly through: readonly string[]
}

/**
 * Follows every link the way a disk would, over what the archive holds. Each must lead to a file of the archive: never out
 * of it, not even on the way, nor to a folder, nor through another link into what may lie behind.
 * @throws SluiceError `bad-archive` that names the link
 */
export function resolveLinks({ map, links, mend, onWarning }: LinkWork): Map<string, ResolvedLink> {
  const targets = new Map<string, string>()
  const next = new Map<string, string>()
  for (const [path, written] of links) {
    let target = written
    let place = follow(map, path, target)
    const mended = place === null ? (mend?.(path, target) ?? null) : null
    if (mended !== null) {
      place = follow(map, path, mended)
      target = mended
      onWarning?.(
        `The link ${showEntry(path)} of the archive is broken and was mended: it leads to ${showEntry(target)}.`,
      )
    }
    if (place === null) throw wrong(path, written, 'leads to nothing that the archive holds')
    targets.set(path, target)
    next.set(path, place)
  }

  const resolved = new Map<string, ResolvedLink>()
  for (const [path, target] of targets) {
    let file = next.get(path) ?? ''
    const through: string[] = []
    for (; map.at(file) === 'link'; file = next.get(file) ?? '') {
      through.push(file)
      if (through.length === maxHops) throw wrong(path, target, 'leads in a circle, or through too many links')
    }
    if (map.at(file) !== 'file') throw wrong(path, target, 'leads to a folder')
    resolved.set(path, { target, file, through })
  }
  return resolved
}

/** The place that a target names; a link there is not followed. Null where there is nothing. */
function follow(map: ArchiveMap, path: string, target: string): string | null {
  const problem = textProblem(target)
  if (problem !== null) throw wrong(path, target, problem)
  const at = path.split('/').slice(0, -1)
  const steps = target.split('/')
  for (const [index, step] of steps.entries()) {
    if (step === '..') {
      if (at.pop() === undefined) throw wrong(path, target, 'leads out of the archive')
    } else if (step !== '.') at.push(step)
    if (index === steps.length - 1) break
    const kind = at.length === 0 ? 'folder' : map.at(at.join('/'))
    if (kind === undefined) return null
    if (kind !== 'folder') throw wrong(path, target, `goes through ${kind === 'link' ? 'another link' : 'a file'}`)
  }
  if (at.length === 0) throw wrong(path, target, 'leads to a folder')
  const place = at.join('/')
  return map.at(place) === undefined ? null : place
}

function wrong(path: string, target: string, reason: string): Error {
  return badArchive(`The link ${showEntry(path)} of the archive is refused: its target ${showEntry(target)} ${reason}.`)
}
