import { client } from '../state/client.ts'
import { createAnswer } from './use-answer.ts'

/** The daemon finds it out once; drivers change with a restart of the machine. */
const hour = 3_600_000

/** What the daemon's machine has for libraries. */
export const useHardware = createAnswer(() => client.llamaHardware(), hour)
