import type { TestContext } from 'node:test'
import { source, startNode } from './node-child.ts'
import type { NodeChild } from './node-child.ts'

/** A process that unpacks a zip into a store and stands still in the middle of its first blob, until it is killed. */
export async function stuckUnzip(t: TestContext, zip: string, store: string): Promise<NodeChild> {
  const child = startNode(
    t,
    `import { writeSync } from 'node:fs'
     import { createModelLibrary } from ${source('models/model-library.ts')}
     const onProgress = () => {
       writeSync(1, 'unpacking\\n')
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
     }
     await createModelLibrary(${JSON.stringify(store)}).unzip(${JSON.stringify(zip)}, { onProgress })`,
  )
  await child.line()
  return child
}
