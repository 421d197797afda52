import assert from 'node:assert/strict'
import { test } from 'node:test'
import { source, startNode } from '../../test/support/node-child.ts'
import { liveness, ownerToken } from './owner.ts'

const [place = '', pid = '', start = ''] = ownerToken().split('-')

test('the token of this process is alive and stays the same', () => {
  assert.equal(liveness(ownerToken()), 'alive')
  assert.equal(ownerToken(), `${place}-${process.pid}-${start}`)
})

test('a process is alive for others until it is killed', async (t) => {
  const child = startNode(
    t,
    `import { ownerToken } from ${source('transfer/owner.ts')}; console.log(ownerToken()); setInterval(() => {}, 1000)`,
  )
  const token = await child.line()
  assert.equal(liveness(token), 'alive')
  await child.kill()
  assert.equal(liveness(token), 'dead')
})

test('a process number that was given to another process since is dead', () => {
  assert.equal(liveness(`${place}-${pid}-${Number(start) + 1}`), 'dead')
  assert.equal(liveness(`${place}-${pid}`), 'dead')
})

test('a number that no process has is dead', () => {
  assert.equal(liveness(`${place}-999999999-1`), 'dead')
  assert.equal(liveness(`${place}-99999999999999999999999-1`), 'dead')
})

test('nothing can be said of another place, nor of text that is no token', () => {
  for (const token of [
    `0-${pid}-${start}`,
    `x${place}-${pid}-${start}`,
    '',
    '-',
    '--',
    place,
    `${place}-`,
    `${place}-../1-1`,
    `${place}-1e3-1`,
    `${place}--1`,
    'x',
  ]) {
    assert.equal(liveness(token), 'elsewhere', token)
  }
})

test('a thread has a token of its own, and is dead for its successors alone', async (t) => {
  const asThread = (id: number, dead: number[], print: string): ReturnType<typeof startNode> =>
    startNode(
      t,
      `import { liveness, ownAsThread, ownerToken } from ${source('transfer/owner.ts')}
      ownAsThread(${id}, ${JSON.stringify(dead)})
      const former = ownerToken().replace(/-t\\d+$/, '-t3')
      console.log(${print})
      setInterval(() => {}, 1000)`,
    )
  const child = asThread(
    4,
    [3],
    `[liveness(ownerToken()), liveness(former), liveness(former + '-0'), ownerToken()].join()`,
  )
  const [self, former, staged, token = ''] = (await child.line()).split(',')
  assert.deepEqual([self, former, staged], ['alive', 'dead', 'dead'])
  assert.match(token, /-t4$/)
  assert.equal(liveness(token), 'alive')
  assert.equal(liveness(token.replace(/-t4$/, '-t3')), 'alive', 'other processes cannot know')
  const first = asThread(4, [], 'liveness(former)')
  assert.equal(await first.line(), 'alive')
  await child.kill()
  assert.equal(liveness(token), 'dead')
})
