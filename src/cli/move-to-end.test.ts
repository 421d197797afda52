import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'
import { moveToEnd } from './move-to-end.ts'

/** A daemon that refuses as often as told, and whose file has its new place after so many pauses. */
function lab(refusals: readonly ErrorCode[], arrivesAfter = Infinity) {
  let [asked, pauses] = [0, 0]
  const daemon = {
    get: async () => ({ path: pauses < arrivesAfter ? '/old' : '/new' }),
    async moveFile(id: string) {
      const code = refusals[asked++]
      if (code !== undefined) throw new SluiceError(code, 'No.')
      return { id, path: '/new' }
    },
  } as unknown as Parameters<typeof moveToEnd>[0]
  const move = () => moveToEnd(daemon, 'dl-1', { dir: 'x' }, async () => pauses++)
  return { move, asked: () => asked }
}

test('a move that takes longer than an answer is waited for to its end', async () => {
  const long = lab(['headers-timeout', 'in-use', 'in-use', 'in-use'], 3)
  assert.deepEqual([await long.move(), long.asked()], ['/new', 3])
  const cutOff = lab(['headers-timeout', 'in-use'])
  assert.deepEqual([await cutOff.move(), cutOff.asked()], ['/new', 3])
})

test('why it failed is told, and the move of somebody else is not waited for', async () => {
  await assert.rejects(lab(['headers-timeout', 'in-use', 'disk-full']).move(), { code: 'disk-full' })
  await assert.rejects(lab(['in-use']).move(), { code: 'in-use' })
  await assert.rejects(lab(['connect-refused']).move(), { code: 'connect-refused' })
})
