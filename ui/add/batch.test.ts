import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requestsOf, restOf } from './batch.ts'
import { recognise } from './recognise.ts'

function listOf(text: string) {
  const found = recognise(text)
  assert.equal(found.kind, 'list')
  return found.kind === 'list' ? found : { items: [], problems: [] }
}

const refused = (line: number) => ({ line, code: 'usage', message: 'No.' })
const no = { reason: 'other', detail: 'No.' }

describe('the requests of a list', () => {
  it('have the options, but what a line says itself counts more', () => {
    const { items } = listOf('https://a.test/1\n  dir=own\nhttps://a.test/2')
    assert.deepEqual(requestsOf(items, { dir: 'all', priority: 7 }), [
      { reference: 'https://a.test/1', dir: 'own', priority: 7 },
      { reference: 'https://a.test/2', dir: 'all', priority: 7 },
    ])
  })

  it('are of each kind with the options of that kind', () => {
    const { items } = listOf('https://a.test/1\nllama3.2:1b\nllama.cpp@b6089\ncli/cli@v2')
    const model = { registry: 'https://r.test' }
    const llama = { variant: 'cpu' }
    const options = {
      priority: 7,
      dir: 'd',
      headers: { 'X-Key': '1' },
      userAgent: 'me',
      model,
      llama,
      platform: 'linux/arm64',
    }
    assert.deepEqual(requestsOf(items, options), [
      { reference: 'https://a.test/1', priority: 7, dir: 'd', headers: { 'X-Key': '1' }, userAgent: 'me' },
      { reference: 'llama3.2:1b', kind: 'model', priority: 7, dir: 'd', model },
      { reference: 'llama.cpp@b6089', kind: 'llama', priority: 7, llama },
      { reference: 'cli/cli@v2', kind: 'release', priority: 7, dir: 'd', platform: 'linux/arm64' },
    ])
  })
})

describe('what stays in the field after a list was added', () => {
  function rest(text: string, ...failures: ReadonlyArray<ReturnType<typeof refused>>) {
    const { items, problems } = listOf(text)
    return restOf(text, items, problems, failures)
  }

  it('is nothing when all went well', () => {
    assert.deepEqual(rest('# list\nhttps://a.test/1\n\nhttps://a.test/2\n'), { text: '', problems: [] })
  })

  it('is each wrong line with its message, numbered anew', () => {
    assert.deepEqual(rest('https://a.test/1\nftp://a.test/2\nhttps://a.test/3\nhttps://a.test/4', refused(2)), {
      text: 'ftp://a.test/2\nhttps://a.test/3',
      problems: [
        { line: 1, problem: { reason: 'scheme', detail: 'ftp' } },
        { line: 2, problem: no },
      ],
    })
  })

  it('keeps option lines below their reference, also over blank lines', () => {
    const text = 'https://a.test/1\nhttps://a.test/2\n\n  out=x\nhttps://a.test/3\n  speed=1'
    const { text: kept, problems } = rest(text, refused(2))
    assert.equal(kept, 'https://a.test/2\n  out=x\nhttps://a.test/3\n  speed=1')
    assert.deepEqual(
      problems.map(({ line }) => line),
      [1, 4],
    )
  })

  it('is of a pattern only what failed', () => {
    assert.deepEqual(rest('https://a.test/[1-3]\thttps://b.test/[1-3]\n  dir=d', refused(2)), {
      text: 'https://a.test/2\thttps://b.test/2\n  dir=d',
      problems: [{ line: 1, problem: no }],
    })
  })

  it('is the whole pattern when all of it failed', () => {
    assert.deepEqual(rest('https://a.test/[1-2]', refused(1), refused(2)), {
      text: 'https://a.test/[1-2]',
      problems: [{ line: 1, problem: no }],
    })
  })

  it('is also what stands below the most that a list may hold', () => {
    const many = Array.from({ length: 10 }, (_, index) => `https://a.test/${index}/[1-10000]`)
    const { text, problems } = rest([...many, 'https://a.test/over', 'https://a.test/below'].join('\n'))
    assert.equal(text, 'https://a.test/over\nhttps://a.test/below')
    assert.deepEqual(
      problems.map(({ line }) => line),
      [1],
    )
  })
})
