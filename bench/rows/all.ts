import { plain } from './p1-plain.ts'
import { verified } from './p2-verified.ts'
import { tls } from './p3-tls.ts'
import { smallFiles } from './p4-small-files.ts'
import { throttled } from './p5-throttled.ts'
import { slowOne } from './p6-slow-one.ts'
import { far } from './p7-far.ts'
import { memory } from './p8-memory.ts'
import { daemonMemory } from './p9-daemon-memory.ts'
import { idle } from './p10-idle.ts'
import { latency } from './p11-latency.ts'
import { history } from './p12-history.ts'
import { batch } from './p13-batch.ts'
import { start } from './p14-start.ts'
import { model } from './p16-model.ts'
import type { Row } from './row.ts'

/** In the order of the table. */
export const ROWS: readonly Row[] = [
  ...[plain, verified, tls, smallFiles, throttled, slowOne, far, memory],
  ...[daemonMemory, idle, latency, history, batch, start, model],
]
