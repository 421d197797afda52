import { join } from 'node:path'
import type { Judgement, Known } from '../core/answer.ts'
import { SluiceError } from '../core/errors.ts'
import { splitExtension } from '../core/file-name.ts'
import { mostConnections, startGrowth } from '../core/growth.ts'
import { addRange, removeRange, totalBytes } from '../core/ranges.ts'
import { compareValidators } from '../core/validators.ts'
import type { Validators } from '../core/validators.ts'
import { redactUrl } from '../core/url.ts'
import type { ResponseHead } from '../wire/types.ts'
import { storageOf } from './decode.ts'
import { nameFor } from './expected-name.ts'
import { isKnownByContent } from './expected-size.ts'
import { followHash } from './hash-follower.ts'
import { isProven, leaveExisting } from './leave-existing.ts'
import type { Location } from './location.ts'
import { claimSpace, openPart } from './open-part.ts'
import { digestsFrom } from './server-digests.ts'
import { namingOf, sizeOf } from './state.ts'
import type { Lane, Transfer } from './state.ts'

type Accepted = Exclude<Judgement, { kind: 'refused' }>

/** A part up to this size is given up without a question when the server stops serving ranges. */
const cheapToLose = 8 * 1024 * 1024

/** Whole answers to requests for a range that are given up, as the next one may be a range: caches do so while they fill. */
const patienceForRanges = 1

/**
 * Prepares the transfer for the body that follows: the first whole answer names and opens the file, a part sets where
 * the lane ends. Throws when the answer must not be written. Gives the encoding to undo, or null.
 */
export function acceptAnswer(transfer: Transfer, lane: Lane, judgement: Accepted, head: ResponseHead): string | null {
  if (judgement.kind === 'beyond') throw beyondEnd(transfer, judgement.size)
  if (!isKnownByContent(transfer.request)) refuseWebPage(transfer, head)
  const known: Known = { size: judgement.size, validators: validatorsOf(head) }
  agreeWithMirror(transfer, lane, known)
  if (judgement.kind === 'part') {
    acceptPart(transfer, lane, judgement)
    return null
  }
  const encoding = head.field('content-encoding')?.trim().toLowerCase() ?? ''
  if (judgement.ignored && encoding === '' && mayPassOver(transfer)) {
    passOver(transfer, lane)
    return null
  }
  if (judgement.ignored) mayStartOver(transfer)
  if (transfer.file) startOver(transfer)
  const name = nameFor(namingOf(transfer), {
    contentDisposition: head.field('content-disposition'),
    requestUrl: lane.location.original,
    finalUrl: head.url,
    contentType: head.field('content-type'),
  })
  const decode = storageOf(encoding, name, head.field('content-type')) === 'decode'
  const size = decode ? null : (head.contentLength ?? transfer.request.size ?? null)
  transfer.known = { ...known, size }
  transfer.sizeAnnounced = size !== null
  transfer.ranges = encoding === '' && size !== null && /\bbytes\b/i.test(head.field('accept-ranges') ?? '')
  lane.start = lane.position = lane.markPosition = 0
  lane.end = lane.answerEnd = size ?? Infinity
  if (!transfer.file) openNew(transfer, lane, name, head)
  return decode ? encoding : null
}

function openNew(transfer: Transfer, lane: Lane, name: string, head: ResponseHead): void {
  const { dir } = transfer
  transfer.name = name
  transfer.type = head.field('content-type') ?? null
  const target = join(dir, name)
  if (leaveExisting(transfer, target)) return
  const size = sizeOf(transfer)
  claimSpace(transfer, size ?? 0)
  openPart(transfer)
  startGrowing(transfer)
  startHash(transfer)
  transfer.serverDigests =
    digestsFrom(head, lane.decoder !== null)?.then((digests) => {
      transfer.digests = [...transfer.digests, ...digests]
      startHash(transfer)
    }) ?? null
  transfer.emit({
    type: 'start',
    id: transfer.id,
    reference: transfer.request.reference,
    url: redactUrl(head.url),
    path: target,
    bytesTotal: size,
    resumedFrom: 0,
  })
}

/** Begins to hash when there is something to compare with. */
export function startHash(transfer: Transfer): void {
  if (transfer.hash || !transfer.file || transfer.digests.length === 0) return
  transfer.hash = followHash([...new Set(transfer.digests.map((digest) => digest.algorithm))], transfer.file)
}

export function startGrowing(transfer: Transfer): void {
  const { hosts, clock } = transfer.env
  const host = transfer.locations[0]?.original.host ?? ''
  const limit = transfer.options.connections ?? mostConnections
  transfer.growth = { ...startGrowth(limit, hosts.start(host), clock(), hosts.cap(host)), bytesThen: transfer.received }
}

function acceptPart(transfer: Transfer, lane: Lane, part: Extract<Accepted, { kind: 'part' }>): void {
  transfer.ranges = true
  transfer.proven = true
  if (part.tagUnstable) transfer.noIfRange = true
  const size = sizeOf(transfer)
  if (part.size !== null && size !== null && part.size > size) {
    transfer.free = addRange(transfer.free, size, part.size)
    transfer.known = {
      size: part.size,
      validators: transfer.known?.validators ?? { etag: null, lastModified: null, date: null },
    }
  }
  lane.answerEnd = part.end
  if (part.end >= lane.end) return
  if (!lane.hedgeOf) transfer.free = addRange(transfer.free, part.end, lane.end)
  lane.end = part.end
}

/** A whole answer to a ranged request: fine at the very start, a restart when little is lost, refused else. */
function mayStartOver(transfer: Transfer): void {
  const others = transfer.lanes.size > 1
  if (!others && totalBytes(transfer.done) <= cheapToLose) return
  transfer.noIfRange = true
  const part = transfer.file?.path ?? 'the part'
  throw new SluiceError(
    'range-refused',
    'The server sent the whole file where the rest was asked for: it does not resume this file.',
    {
      hint: `What is here is kept. Remove ${part} to fetch the file from its start.`,
    },
  )
}

/** What is here is worth more than the bytes that come again, and a digest will tell whether both are one file. */
function mayPassOver(transfer: Transfer): boolean {
  const large = isKnownByContent(transfer.request) && totalBytes(transfer.done) > cheapToLose
  return large && transfer.lanes.size === 1 && ++transfer.ignoredRanges > patienceForRanges
}

/** The file comes from its first byte: what is here of it is read and dropped, all behind that is written. */
function passOver(transfer: Transfer, lane: Lane): void {
  const size = sizeOf(transfer)
  if (size === null) return
  transfer.ranges = false
  transfer.free = removeRange(transfer.free, lane.start, size)
  lane.skip = lane.start
  lane.end = lane.answerEnd = size
}

/** The file comes again from its first byte; what was written before is given up. */
function startOver(transfer: Transfer): void {
  transfer.done = []
  transfer.free = []
  transfer.hash?.reset()
  transfer.file?.truncate(0)
}

function beyondEnd(transfer: Transfer, size: number | null): SluiceError {
  const known = sizeOf(transfer)
  if (size !== null && known !== null && size !== known) {
    return new SluiceError(
      'remote-changed',
      `The file at the server now has ${size} bytes, it had ${known} when the download began.`,
    )
  }
  return new SluiceError('range-refused', 'The server refuses to send the rest of the file (416).')
}

/** A mirror must have the same file: of equal size, and with an equal validator unless a digest decides in the end. */
function agreeWithMirror(transfer: Transfer, lane: Lane, seen: Known): void {
  const { location } = lane
  if (location.known) return
  const { known } = transfer
  const foreign = location.mirror || transfer.locations.some((other) => other.mirror)
  if (known && foreign && transfer.file) compareMirror(transfer, location, known, seen)
  location.known = seen
}

function compareMirror(transfer: Transfer, location: Location, known: Known, seen: Known): void {
  const sizes = seen.size === null || known.size === null || seen.size === known.size
  const marks = compareValidators(known.validators, seen.validators, true)
  const equalDate =
    known.validators.lastModified !== null && known.validators.lastModified === seen.validators.lastModified
  const equalTag = marks === 'same' && isProven(known.validators) && isProven(seen.validators)
  if (sizes && (transfer.digests.length > 0 || equalDate || equalTag)) return
  throw new SluiceError(
    'mirror-differs',
    `${location.original.host} has another file (${sizes ? 'its validators differ' : 'its size differs'}).`,
  )
}

/** Names behind which a web page may well be what was wanted. */
const pageNames = new Set(['', '.html', '.htm', '.xhtml', '.shtml', '.php', '.asp', '.aspx', '.jsp', '.cgi', '.do'])

/** A login or error page in place of a file is never written. */
function refuseWebPage(transfer: Transfer, head: ResponseHead): void {
  if (
    transfer.options.allowHtml ||
    !/^(?:text\/html|application\/xhtml\+xml)\b/i.test(head.field('content-type') ?? '')
  )
    return
  if (/^\s*attachment\b/i.test(head.field('content-disposition') ?? '')) return
  const wanted = transfer.locations[0]?.original
  const extension = splitExtension(wanted?.pathname.split('/').at(-1) ?? '')[1].toLowerCase()
  const elsewhere =
    wanted !== undefined && wanted.origin !== head.url.origin && extension !== '.html' && extension !== '.htm'
  const other = transfer.type !== null && !/html/i.test(transfer.type)
  if (pageNames.has(extension) && !elsewhere && !other) return
  throw new SluiceError('not-the-file', `${head.url.host} sent a web page instead of the file.`)
}

function validatorsOf(head: ResponseHead): Validators {
  return {
    etag: head.field('etag') ?? null,
    lastModified: head.field('last-modified') ?? null,
    date: head.field('date') ?? null,
  }
}
