import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { linesOf, recognise } from './recognise.ts'

describe('one reference', () => {
  for (const [text, kind, reference = text] of [
    ['https://example.org/a.zip', 'url'],
    ['  HTTP://example.org/a.zip\n', 'url', 'HTTP://example.org/a.zip'],
    ['https://user:pass@example.org:8443/a?b=c#d', 'url'],
    ['https://hf.co/org/model', 'url'],
    ['http://[::1]:8080/x', 'url'],
    ['example.org/a.zip', 'url', 'https://example.org/a.zip'],
    ['example.org:8443', 'url', 'https://example.org:8443'],
    ['localhost:3000/a', 'url', 'http://localhost:3000/a'],
    ['127.0.0.1:3000/a', 'url', 'http://127.0.0.1:3000/a'],
    ['192.168.0.7/a', 'url', 'https://192.168.0.7/a'],
    ['llama3.2:1b', 'model'],
    ['mistral:latest', 'model'],
    ['phi3', 'model'],
    ['mistral', 'model'],
    ['hf.co/org/model/resolve/main/weights.gguf', 'url', 'https://hf.co/org/model/resolve/main/weights.gguf'],
    ['readme.md', 'url', 'https://readme.md'],
    ['someone/model:7b-q4_K_M', 'model'],
    ['hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M', 'model'],
    ['registry.example.org:5000/team/model:1', 'model'],
    ['oci://registry.example.org/team/model:1', 'model'],
    [`llama3@sha256:${'a'.repeat(64)}`, 'model'],
    ['llama.cpp', 'llama'],
    ['llama.cpp@b6089', 'llama'],
    ['LLAMA.CPP@nightly', 'llama'],
    ['cli/cli', 'release'],
    ['cli/cli@v2.60.0', 'release'],
    ['github.com/cli/cli', 'release'],
    ['https://github.com/cli/cli/releases/tag/v2.60.0', 'release'],
    ['https://github.com/cli/cli/archive/main.zip', 'url'],
  ] as const) {
    it(`takes ${text.trim().slice(0, 60)} as ${kind}`, () => {
      assert.deepEqual(recognise(text), { kind, reference })
    })
  }

  for (const text of ['h', 'HTTP', 'http:', 'http:/', 'http://', 'https', 'https://']) {
    it(`says nothing yet about ${text}`, () => assert.deepEqual(recognise(text), { kind: 'typing' }))
  }

  for (const [text, reason, detail] of [
    ['ftp://example.org/a', 'scheme', 'ftp'],
    ['magnet:?xt=urn:btih:abc', 'scheme', 'magnet'],
    ['javascript:alert(1)', 'scheme', 'javascript'],
    ['https://example.org/a b.zip', 'blank', ''],
    ['https://example.org/a\\b', 'blank', ''],
    ['https:///a', 'host', ''],
    ['https://example.org:99999/', 'host', ''],
    [`https://example.org/${'a'.repeat(9000)}`, 'too-long', '9020'],
    ['mistral.', 'word', 'mistral.'],
    ['what is this?', 'unknown', ''],
  ] as const) {
    it(`says why ${text.slice(0, 40)} cannot be fetched: ${reason}`, () => {
      assert.deepEqual(recognise(text), { kind: 'wrong', problem: { reason, detail } })
    })
  }

  it('finds nothing in blanks', () => assert.deepEqual(recognise(' \n\t\n'), { kind: 'empty' }))
})

describe('lists', () => {
  it('skips blank lines and comments and names wrong lines by their number', () => {
    const found = recognise('# mine\nhttps://a.test/1\n\nftp://a.test/2\nb.test/3\n')
    assert.deepEqual(found, {
      kind: 'list',
      items: [
        { line: 2, reference: 'https://a.test/1' },
        { line: 5, reference: 'https://b.test/3' },
      ],
      problems: [{ line: 4, problem: { reason: 'scheme', detail: 'ftp' } }],
    })
  })

  it('counts what a pattern stands for, also on one line', () => {
    const found = recognise('https://a.test/file[001-100].zip')
    assert.equal(found.kind === 'list' && found.items.length, 100)
    assert.equal(found.kind === 'list' && found.items[9]?.reference, 'https://a.test/file010.zip')
  })

  it('reports a pattern of one line that cannot be', () => {
    const found = recognise('https://a.test/file[9-1].zip')
    assert.deepEqual(found.kind === 'list' && [found.items.length, found.problems.map(({ line }) => line)], [0, [1]])
  })

  it('reads mirrors and option lines as aria2 has them', () => {
    const found = recognise('https://a.test/1\thttps://b.test/1\n  out=one.bin\n')
    assert.deepEqual(found.kind === 'list' && found.items, [
      { line: 1, reference: 'https://a.test/1', filename: 'one.bin', mirrors: ['https://b.test/1'] },
    ])
  })

  it('takes several addresses on one line one by one', () => {
    assert.equal(linesOf('https://a.test/1  https://a.test/2'), 'https://a.test/1\nhttps://a.test/2')
    const found = recognise('https://a.test/1 https://a.test/2')
    assert.equal(found.kind === 'list' && found.items.length, 2)
  })

  it('takes models, libraries and releases among links', () => {
    const found = recognise('https://a.test/1\nllama3.2:1b\nmistral\nllama.cpp@b6089\ncli/cli@v2.60.0')
    assert.deepEqual(found.kind === 'list' && found.items.map(({ reference }) => reference), [
      'https://a.test/1',
      'llama3.2:1b',
      'mistral',
      'llama.cpp@b6089',
      'cli/cli@v2.60.0',
    ])
  })
})

describe('any text', () => {
  it('gets an answer, and problems name lines that are there', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constant('  out=x'))), (lines) => {
        const text = lines.join('\n')
        const found = recognise(text)
        if (found.kind !== 'list') return
        const count = linesOf(text).split(/\r?\n|\r/).length
        for (const { line } of found.problems) assert.ok(line >= 1 && line <= count)
      }),
    )
  })
})
