import type { Authorize } from '../wire/types.ts'

type Refused = NonNullable<Parameters<Authorize>[0]>

/** The Authorization field that one origin gets from one transfer, whichever of its connections asks. */
export interface Authorization {
  /** What is sent now, null for no field; undefined before it was asked for. */
  readonly value: string | null | undefined
  /**
   * Asks for the first value (`refused` null) or for one in place of a value that was refused, and gives null when there is
   * no other. Connections that ask at the same time, or late, share one answer. Rejects as `authorize` does.
   */
  renew(refused: Refused | null): Promise<string | null>
}

/** `signal` is handed on: it ends with the transfer. */
export function createAuthorization(authorize: Authorize, signal: AbortSignal): Authorization {
  let value: string | null | undefined
  let asking: Promise<string | null> | null = null

  async function ask(refused: Refused | null): Promise<string | null> {
    const next = await authorize(refused, signal)
    if (refused && (next === null || next === refused.value)) return null
    value = next
    return next
  }

  return {
    get value() {
      return value
    },
    renew(refused) {
      // Another connection has brought a newer one in the meantime.
      if (value !== undefined && value !== refused?.value) return Promise.resolve(value)
      asking ??= ask(refused).finally(() => {
        asking = null
      })
      return asking
    },
  }
}
