import { isReservedName } from '../../core/file-name.ts'
import { badArchive, showEntry } from '../bad-archive.ts'

const maxPathBytes = 1024
const maxSegmentBytes = 255
const maxDepth = 32
// Controls, separators of lines, and what turns the direction of text.
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

/**
 * The relative path that the name of an entry stands for, without `./` in front and `/` at the end; '' is the top itself.
 * Only what is a name on every system passes, as it is: nothing is renamed.
 * @throws SluiceError `bad-archive`
 */
export function entryPath(name: string): string {
  const problem = nameProblem(name)
  if (problem !== null) throw badArchive(`The entry ${showEntry(name)} of the archive is refused: its name ${problem}.`)
  return segmentsOf(name).join('/')
}

/** Why no entry may have this name: the end of a sentence that begins with it. */
export function nameProblem(name: string): string | null {
  const problem = textProblem(name)
  if (problem !== null) return problem
  const segments = segmentsOf(name)
  if (segments.length > maxDepth) return `lies more than ${maxDepth} folders deep`
  for (const segment of segments) {
    const found = segmentProblem(segment)
    if (found !== null) return found
  }
  return null
}

/** Why neither an entry nor the target of a link may have this name, wherever it lies. */
export function textProblem(text: string): string | null {
  if (text === '') return 'is empty'
  if (invisible.test(text)) return 'has control characters'
  if (text.includes('\\')) return 'has a backslash'
  if (text.startsWith('/') || /^[a-z]:/i.test(text)) return 'is absolute'
  return Buffer.byteLength(text) > maxPathBytes ? 'is too long' : null
}

function segmentProblem(segment: string): string | null {
  if (segment === '' || segment === '.' || segment === '..') return 'leads elsewhere'
  if (Buffer.byteLength(segment) > maxSegmentBytes) return 'is too long'
  if (/[<>:"|?*]/.test(segment)) return 'has characters that not every system allows'
  if (/[. ]$/.test(segment)) return 'has a dot or blank at an end, which not every system keeps'
  return isReservedName(segment) ? 'is that of a device on some systems' : null
}

function segmentsOf(name: string): string[] {
  const segments = name.split('/')
  while (segments[0] === '.') segments.shift()
  if (segments.at(-1) === '') segments.pop()
  return segments
}
