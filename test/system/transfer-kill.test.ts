import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { source, startNode } from '../support/node-child.ts'
import { content, MiB, openLab, serve, startFileServer } from '../support/transfer-lab.ts'

const keyOf = (n: number): string => `dl-${n.toString(16).padStart(16, '0')}`

test(
  'killed at any moment, again and again, a file that has its name is not fetched again and gets no second one',
  { timeout: 120_000 },
  async (t) => {
    const bodies = [content(3000), content(2 * MiB), content(700_000)]
    const files = Array.from({ length: 24 }, (_, n) => ({ name: `f${n}.bin`, body: bodies[n % 3] as Buffer }))
    const server = await startFileServer(t, (request, response) => {
      const n = Number(/\d+/.exec(request.url ?? '')?.[0])
      const { body } = files[n] as (typeof files)[number]
      serve(request, response, { body })
    })
    const lab = await openLab(t)
    const options = {
      headers: [],
      retries: 2,
      ifExists: 'rename',
      insecure: false,
      family: 0,
      allowPrivate: false,
      allowHtml: false,
      ifChanged: 'fail',
      dataDir: lab.dataDir,
      sync: true,
      proxy: '',
      rememberAtOnce: true,
    }
    const requests = files.map(({ name }, n) => ({
      reference: server.url(`/${name}`),
      dir: lab.dir,
      digests: [],
      mirrors: [],
      key: keyOf(n),
    }))
    const text = `import { createEngine } from ${source('transfer/engine.ts')}
      const engine = await createEngine(${JSON.stringify(options)})
      console.log('open')
      let there = 0
      for (const request of ${JSON.stringify(requests)}) {
        const finished = await engine.get(request)
        if (finished.alreadyThere) there++
        console.log(finished.path)
      }
      await engine.close()
      console.log('all ' + there)`
    let last = ''
    for (let round = 0; round < 12 && !last.startsWith('all'); round++) {
      const child = startNode(t, text)
      // Each round gets two files further, and ends somewhere in the next.
      for (let lines = 0; lines < 3 + 2 * round && !last.startsWith('all'); lines++) last = await child.line()
      await child.kill()
    }
    const final = startNode(t, text)
    for (last = ''; !last.startsWith('all');) last = await final.line()
    assert.equal(last, `all ${files.length}`)
    const names = lab.names().filter((name) => name !== '.staging')
    assert.deepEqual(names, files.map(({ name }) => name).sort())
    for (const { name, body } of files) assert.ok(lab.read(name).equals(body), join(lab.dir, name))
  },
)
