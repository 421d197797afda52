import { useEffect, useRef, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { client } from '../state/client.ts'
import { live } from '../state/live.ts'
import { fieldError } from './field-error.ts'

export interface Saving {
  readonly state: 'idle' | 'saving' | 'saved'
  /** Why the daemon did not take the last value. */
  readonly error: string | undefined
  /** Null puts the default back. Resolves to whether it was taken; of several the last one counts. */
  readonly save: (value: unknown) => Promise<boolean>
  /** The value is being changed: what was said about the last one is over. */
  readonly clear: () => void
}

const savedFor = 3000

/** Sends one setting to the daemon, and tells how that went. */
export function useSave(key: string): Saving {
  const [told, setTold] = useState<Pick<Saving, 'state' | 'error'>>({ state: 'idle', error: undefined })
  const last = useRef(0)
  useEffect(() => {
    if (told.state !== 'saved') return undefined
    const timer = setTimeout(() => setTold({ state: 'idle', error: undefined }), savedFor)
    return () => clearTimeout(timer)
  }, [told])

  async function save(value: unknown): Promise<boolean> {
    const mine = ++last.current
    setTold({ state: 'saving', error: undefined })
    try {
      const settings = await client.changeSettings({ [key]: value })
      live.apply({ type: 'settings', sequence: 0, settings })
      if (mine === last.current) setTold({ state: 'saved', error: undefined })
      return true
    } catch (thrown) {
      const { message, hint } = asSluiceError(thrown)
      // Some hints are for those who call the API by hand.
      const more = hint === '' || hint.startsWith('GET ') ? '' : ` ${hint}`
      if (mine === last.current) setTold({ state: 'idle', error: `${fieldError(key, message)}${more}` })
      return false
    }
  }

  return { ...told, save, clear: () => setTold({ state: 'idle', error: undefined }) }
}
