import { closeInTurn, within } from './close-in-turn.ts'
import type { Works } from './set-up.ts'

/** Milliseconds for the transfers to write their checkpoints, and for each thing that is closed after them. */
const forTransfers = 1500
const forOthers = 1000
/** Of all that is closed after the transfers together. */
const forAllOthers = 1400

/**
 * Stops transfers and closes everything, in less than three seconds. Rows of what was running stay as they are, so that
 * the next start goes on with them by itself.
 */
export async function closeManager(works: Works): Promise<void> {
  const { desk, runs } = works
  const { log, ledger } = desk
  works.beginClosing()
  await closeInTurn(works.closeFirst, log)
  runs.stopAll()
  if (!(await within(forTransfers, runs.settled()))) log.warn({}, 'some transfers did not stop in time')
  ledger.save()
  const others = works.closeLast.map((close) => async () => {
    const inTime = await within(forOthers, Promise.resolve(close()))
    if (!inTime) log.warn({}, 'something did not close in time')
  })
  await within(forAllOthers, closeInTurn(others, log))
}
