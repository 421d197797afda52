import type { FaultGroup } from '../fault.ts'
import { connections } from './connections.ts'
import { credentials } from './credentials.ts'
import { disk } from './disk.ts'
import { encodings } from './encodings.ts'
import { framing } from './framing.ts'
import { integrity } from './integrity.ts'
import { mirrors } from './mirrors.ts'
import { names } from './names.ts'
import { oneTime } from './one-time.ts'
import { ranges } from './ranges.ts'
import { redirects } from './redirects.ts'
import { status } from './status.ts'
import { timeouts } from './timeouts.ts'
import { validators } from './validators.ts'

/** Every lie that a server is known to tell, by group. */
export const catalogue: ReadonlyArray<FaultGroup> = [
  framing,
  ranges,
  validators,
  redirects,
  encodings,
  status,
  connections,
  names,
  integrity,
  disk,
  timeouts,
  credentials,
  mirrors,
  oneTime,
]
