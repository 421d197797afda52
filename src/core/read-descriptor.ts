import { checkBlobDigest, emptyDigest } from './blob-digest.ts'
import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { field, isRecord, refuseOtherCase } from './json-record.ts'
import type { Descriptor, Platform } from './manifest.ts'

/** More than any real manifest has, few enough to be no burden. */
const maxAnnotations = 1_000
const maxKeyLength = 1_024
const maxValueLength = 65_536
const maxNameLength = 4_096
const fields = new Set(['mediaType', 'digest', 'size', 'name', 'annotations', 'platform'])

/** Reads one descriptor; `what` names it in the `bad-manifest` error. Its `urls` and `data` are never used. */
export function readDescriptor(value: unknown, what: string): Descriptor {
  if (!isRecord(value)) throw bad(`The ${what} of the manifest is missing or is no object.`)
  refuseOtherCase(value, fields)
  const digest = checkBlobDigest(field(value, 'digest'))
  const descriptor = {
    mediaType: readMediaType(field(value, 'mediaType'), what),
    digest,
    size: readSize(field(value, 'size'), digest),
    annotations: readAnnotations(field(value, 'annotations')),
  }
  const name = readName(field(value, 'name'))
  return name === null ? descriptor : { ...descriptor, name }
}

/** A media type in printable ASCII, at most 255 characters. */
export function readMediaType(value: unknown, what: string): string {
  if (typeof value !== 'string') throw bad(`The media type of the ${what} is missing or is no text.`)
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(value))
    throw bad(`The media type of the ${what} is "${excerpt(value)}", which is none.`)
  return value
}

/** The annotations that are text. */
export function readAnnotations(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {}
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== '__proto__',
  )
  if (entries.length > maxAnnotations)
    throw bad(`The manifest has ${entries.length} annotations in one place; at most ${maxAnnotations} are allowed.`)
  for (const [key, text] of entries) {
    if (key.length > maxKeyLength || text.length > maxValueLength)
      throw bad(`The annotation "${excerpt(key)}" of the manifest is too long.`)
  }
  return Object.fromEntries(entries)
}

/** A platform, null where none is stated in a way that could be asked for. */
export function readPlatform(value: unknown): Platform | null {
  if (!isRecord(value)) return null
  const os = readWord(field(value, 'os'))
  const architecture = readWord(field(value, 'architecture'))
  const variant = readWord(field(value, 'variant'))
  if (os === null || architecture === null) return null
  return variant === null ? { os, architecture } : { os, architecture, variant }
}

/** Refuses a digest that stands there with two sizes: at most one of them can be true. */
export function checkSizes(descriptors: readonly Descriptor[]): void {
  const sizes = new Map<string, number>()
  for (const { digest, size } of descriptors) {
    if ((sizes.get(digest) ?? size) !== size)
      throw bad(`The manifest gives ${digest} two sizes, ${sizes.get(digest)} and ${size}.`)
    sizes.set(digest, size)
  }
}

function readSize(value: unknown, digest: string): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw bad(`The manifest gives ${digest} a size that is no whole number from 0 to 2^53 - 1.`)
  const size = Number(value)
  if ((size === 0) !== (digest === emptyDigest))
    throw bad(`The manifest gives ${digest} the size ${size}, which cannot be.`)
  return size
}

function readName(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  if (value.length > maxNameLength || /\p{Cc}/u.test(value))
    throw bad(`A layer has the name "${excerpt(value)}", which is too long or has control characters.`)
  return value
}

function readWord(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : null
}

function bad(message: string): SluiceError {
  return new SluiceError('bad-manifest', message)
}
