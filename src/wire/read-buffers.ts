import { SluiceError } from '../core/errors.ts'

/** Bytes of the shared buffer unless told otherwise. */
export const DEFAULT_READ_BYTES: number = 512 * 1024

const RING_SLOTS = 4
/** Bytes of a ring buffer at most: larger ones gain nothing when another thread writes them. */
const RING_BYTES = 256 * 1024

/** One buffer that a socket reads into. */
export interface ReadSlot {
  readonly base: Buffer
  /** The first bytes of `base`, as many as one read may bring. */
  view: Buffer
  /** A receiver may keep it. */
  readonly keepable: boolean
  /** How many parts of it are with the receiver. */
  keeps: number
  /** A socket will read into it. */
  installed: boolean
}

/**
 * The buffers of one client. Reads are synchronous, so all sockets share one scratch buffer; the one exchange that owns
 * the ring reads into four more, whose bytes a receiver may keep for a while. All are allocated when first needed.
 */
export interface ReadBuffers {
  /**
   * The buffer for the next read of a socket that so far had `previous`, of `most` bytes at most. The scratch buffer
   * when the ring is used up.
   */
  next(previous: ReadSlot | undefined, fromRing: boolean, most?: number): ReadSlot
  /** The socket that had this buffer is gone. */
  uninstall(slot: ReadSlot): void
  /** Whether the next read can go into the ring, once the running one is over. */
  ringHasRoom(): boolean
  /** Gives the ring to `owner`, who is called when a kept buffer comes back; false when another has it. */
  claimRing(owner: () => void): boolean
  disclaimRing(): void
  /** A kept part comes back. Throws `internal` for a buffer that is not kept. */
  release(base: Buffer): void
  /** Bytes of one read from the next read on, 1 to the size of the buffers. */
  setReadSize(bytes: number): void
}

/** `capacity` in bytes is the size of each buffer and the largest read size. */
export function createReadBuffers(capacity: number): ReadBuffers {
  let readSize = capacity
  let scratch: ReadSlot | undefined
  const ring: ReadSlot[] = []
  let owner: (() => void) | undefined

  function allocate(keepable: boolean): ReadSlot {
    const base = Buffer.allocUnsafeSlow(keepable ? Math.min(capacity, RING_BYTES) : capacity)
    return { base, view: base, keepable, keeps: 0, installed: false }
  }

  function freeSlot(): ReadSlot | undefined {
    const free = ring.find((slot) => !slot.installed && slot.keeps === 0)
    if (free !== undefined || ring.length === RING_SLOTS) return free
    const fresh = allocate(true)
    ring.push(fresh)
    return fresh
  }

  return {
    next(previous, fromRing, most = Infinity) {
      if (previous !== undefined) previous.installed = false
      const slot = (fromRing ? freeSlot() : undefined) ?? (scratch ??= allocate(false))
      slot.installed = true
      const bytes = Math.max(1, Math.min(readSize, slot.base.length, most))
      if (slot.view.length !== bytes) slot.view = slot.base.subarray(0, bytes)
      return slot
    },
    uninstall(slot) {
      slot.installed = false
    },
    ringHasRoom() {
      return ring.length < RING_SLOTS || ring.some((slot) => slot.keeps === 0)
    },
    claimRing(claimant) {
      if (owner !== undefined) return false
      owner = claimant
      return true
    },
    disclaimRing() {
      owner = undefined
    },
    release(base) {
      const slot = ring.find((candidate) => candidate.base === base)
      if (slot === undefined || slot.keeps === 0) {
        throw new SluiceError('internal', 'A read buffer was released that nobody kept.')
      }
      slot.keeps--
      if (slot.keeps === 0) owner?.()
    },
    setReadSize(bytes) {
      readSize = Math.max(1, Math.min(capacity, Math.trunc(bytes)))
    },
  }
}
