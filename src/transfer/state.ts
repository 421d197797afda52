import type { Known } from '../core/answer.ts'
import type { ExpectedDigest } from '../core/digest.ts'
import type { SluiceError } from '../core/errors.ts'
import type { Growth } from '../core/growth.ts'
import { addRange, totalBytes } from '../core/ranges.ts'
import type { RangeSet } from '../core/ranges.ts'
import type { SpeedMeter } from '../core/speed.ts'
import type { Decoder } from './decode.ts'
import type { Fetch, FetchContext } from './fetch.ts'
import type { Naming } from './expected-name.ts'
import type { TransferOptions } from './file-options.ts'
import type { FinishedFiles } from './finished-files.ts'
import type { Group } from './group.ts'
import type { HashFollower } from './hash-follower.ts'
import type { HostMemory } from './host-memory.ts'
import type { HostPlaces } from './host-places.ts'
import type { Limiter } from './limiter.ts'
import type { Location } from './location.ts'
import type { Lock } from './lock.ts'
import type { PartFile } from './part-file.ts'
import type { Claim, Space } from './space.ts'
import type { Staging } from './staging.ts'
import type { CollectBuffers, WriteBehind } from './write-behind.ts'
import type { EngineOptions, FileRequest, TransferEvent } from './types.ts'

/** What all transfers of one engine share. */
export interface Environment extends FetchContext {
  readonly options: EngineOptions
  readonly limiter: Limiter
  readonly hosts: HostMemory
  readonly places: HostPlaces
  /** What requests for this file carry. Throws `usage` for fields that cannot be sent. */
  readonly contextFor: (request: FileRequest) => FetchContext
  /** Transfers at work by their session id. */
  readonly active: Map<string, Transfer>
  /** By their names, as long as one of their transfers is at work. */
  readonly groups: Map<string, Group>
  readonly finished: FinishedFiles
  readonly space: Space
  readonly staging: Staging
  readonly collectBuffers: CollectBuffers
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number
  /** Share of the last moments that this thread had work, 0 to 1. */
  readonly busy: () => number
  /** In [0, 1). */
  readonly random: () => number
  /** Registers a folder to be synced soon; used for files too small to wait for it one by one. */
  readonly syncFolderSoon: (dir: string) => void
}

/** One connection at work on one range. */
export interface Lane {
  readonly id: number
  readonly location: Location
  /** Where it takes a place: the host that its request went to first. */
  readonly host: string
  /** What was asked for, null for the whole file. */
  readonly asked: { readonly start: number; readonly end: number | null } | null
  start: number
  /** Bytes that come before `position` and are passed over, as they are here. */
  skip: number
  /** The next byte to come. */
  position: number
  /** Where this lane stops; may move down when others take work over. Infinity while the size is unknown. */
  end: number
  /** Where the body of the answer stops, which is not before `end`. Infinity while unknown. */
  answerEnd: number
  /** Undoes the Content-Encoding, null when there is none. */
  decoder: Decoder | null
  /** Collects what TLS brings in small pieces, null for plain connections. */
  behind: WriteBehind | null
  /** Others were at work when it was started. */
  readonly beside: boolean
  /** The lane whose bytes it races for. */
  hedgeOf: Lane | null
  fetch: Fetch
  readonly sentAt: number
  flowing: boolean
  /** Speed of late in bytes per second, with the mark it was last taken at. */
  speed: number
  markAt: number
  markPosition: number
  over: boolean
}

/** One file on the move. */
export interface Transfer {
  readonly env: Environment
  readonly id: number
  readonly request: FileRequest
  readonly emit: (event: TransferEvent) => void
  readonly locations: readonly Location[]
  readonly sessionId: string
  /** What holds for this file; `adjust` changes it. The engine's own are for what files cannot choose. */
  options: TransferOptions
  readonly fetching: FetchContext
  /** The cap of this file or of its group, under that of the engine. */
  readonly limiter: Limiter
  /** Bytes of one read that suit that cap. */
  readonly readSize: () => number
  /** Folder of the final file, with the folders of -o in it. */
  readonly dir: string
  /** The user's name of the file, without folders. */
  readonly chosenName: string | undefined
  readonly startedAt: number
  name: string
  type: string | null
  known: Known | null
  /** The server told the size before the bytes. */
  sizeAnnounced: boolean
  /** Ranges have been proven, or promised by Accept-Ranges. */
  ranges: boolean
  /** Ranges have been proven. */
  proven: boolean
  /** If-Range is left out: this server answers it wrongly or its ETags differ from node to node. */
  noIfRange: boolean
  /** Bytes are put on the disk before they are claimed and before the file gets its name. */
  sync: boolean
  file: PartFile | null
  /** Where the session lives; null while the part is in the staging folder of the process. */
  folder: string | null
  lock: Lock | null
  claim: Claim | null
  /** Expected digests: the user's, then those that the server gave. */
  digests: readonly ExpectedDigest[]
  /** Fields of the first answer with digests in them are being read. */
  serverDigests: Promise<void> | null
  hash: HashFollower | null
  done: RangeSet
  free: RangeSet
  lanes: Set<Lane>
  nextLane: number
  growth: Growth
  /** It could use another connection, and there is no place for one at its hosts. */
  held: boolean
  meter: SpeedMeter
  /** Bytes received in all, twice fetched ones included. */
  received: number
  /** What the user has been told: numbers of connections that the server does not exceed, hosts that it redirects to. */
  readonly told: { readonly caps: Set<number>; readonly hosts: Set<string> }
  /** Further connections whose answers made no sense. */
  oddAnswers: number
  /** Whole answers to requests for a range, which had to be given up. */
  ignoredRanges: number
  /** When numbers were last told. */
  progressAt: number
  /** Time of the last byte. */
  movedAt: number
  roundTrip: number
  /** Average speed of the connection that ended last, in bytes per second. */
  lastSpeed: number
  /** Failures in a row without progress, and how far the file had come at the last. */
  failures: number
  reachedAtFailure: number
  /** The file changed at the server, and was begun anew for it. */
  restarted: boolean
  /** No request before this time (clock). */
  notBefore: number
  checkpointAt: number
  checkpointBytes: number
  checkpointing: Promise<void> | null
  /** Set once: nothing is started or reported after it. */
  ending: 'finishing' | 'failed' | null
  /** Ends the transfer with an error. */
  readonly fail: (error: SluiceError) => void
  /** All bytes are here. */
  readonly complete: () => void
  /** The file was there before. */
  readonly alreadyThere: (path: string) => void
  /** There may be a place for another connection. */
  readonly wake: () => void
  /** Ends one connection to a host where another transfer has none. */
  readonly spare: (host: string) => void
}

export function namingOf(transfer: Transfer): Naming {
  const { chosenName, options, sessionId, env } = transfer
  return { output: chosenName, template: options.nameTemplate, id: sessionId, now: env.now() }
}

/** Bytes in front of the file that are left free; no other number knows of them. */
export function reserveOf({ request }: Transfer): number {
  return request.reserve ?? 0
}

export function sizeOf(transfer: Transfer): number | null {
  return transfer.known?.size ?? null
}

/** What has been taken over, by connections that are done and by running ones; some of it may not be written yet. */
export function takenRanges(transfer: Transfer): RangeSet {
  let ranges = transfer.done
  for (const lane of transfer.lanes) ranges = addRange(ranges, lane.start, lane.position)
  return ranges
}

export function bytesDone(transfer: Transfer): number {
  return totalBytes(takenRanges(transfer))
}
