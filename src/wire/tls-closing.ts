import type { Socket } from 'node:net'

/** Larger than any closing alert on the wire, smaller than any other message that could come without data. */
const ALERT_BYTES = 100

/**
 * Finds out whether the peer ended TLS with close_notify, which Node reports like a cut connection. Needed where nothing
 * but the end of the connection ends the body: without close_notify anybody on the way could have shortened it.
 *
 * How: after each read the socket is stopped until the event loop has turned. An end that is seen while it is stopped
 * was inside bytes that had already come, so it was the alert. Otherwise the alert had a read of its own, which shows
 * in the count of encrypted bytes; a mere end of the connection does not change it.
 */
export interface ClosingWatch {
  /** To be called after each read; the socket must then stop reading while `holding`. */
  afterRead(): void
  readonly holding: boolean
  /** To be called at the end; `stopped` tells whether reading was stopped for whatever reason. */
  sawCloseNotify(stopped: boolean): boolean
}

/** `goOn` is called when `holding` is over. */
export function watchClosing(socket: Socket, goOn: () => void): ClosingWatch {
  let holding = false
  let counted: number | undefined
  return {
    afterRead() {
      if (holding) return
      holding = true
      setImmediate(() => {
        holding = false
        counted = encryptedBytes(socket)
        goOn()
      })
    },
    get holding() {
      return holding
    },
    sawCloseNotify(stopped) {
      if (stopped) return true
      const now = encryptedBytes(socket)
      if (now === undefined || counted === undefined) return false
      return now > counted && now - counted < ALERT_BYTES
    },
  }
}

/** Encrypted bytes read so far: no public property of a TLS socket tells them, its inner TCP handle does. */
function encryptedBytes(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle')
  const inner: unknown = isObject(handle) ? Reflect.get(handle, '_parent') : undefined
  const bytes: unknown = isObject(inner) ? Reflect.get(inner, 'bytesRead') : undefined
  return typeof bytes === 'number' ? bytes : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
