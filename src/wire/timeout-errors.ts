import { SluiceError } from '../core/errors.ts'
import type { Phase, Timeouts } from './deadlines.ts'

/** Words for a phase that took too long. `attempted`: an address was known and tried. `place` is host:port. */
export function timeoutError(phase: Phase, place: string, timeouts: Timeouts, attempted: boolean): SluiceError {
  switch (phase) {
    case 'connecting':
      return attempted
        ? new SluiceError(
            'connect-timeout',
            `${place} did not accept a connection within ${seconds(timeouts.connect)}.`,
          )
        : new SluiceError('dns', `The address of ${place} was not found within ${seconds(timeouts.connect)}.`)
    case 'securing':
      return new SluiceError(
        'connect-timeout',
        `${place} did not finish setting up TLS within ${seconds(timeouts.tls)}.`,
      )
    case 'waiting':
      return new SluiceError('headers-timeout', `${place} did not begin to answer within ${seconds(timeouts.headers)}.`)
    default:
      return new SluiceError('stalled', `${place} sent nothing for ${seconds(timeouts.stall)}.`)
  }
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`
}
