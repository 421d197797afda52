import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from '../core/errors.ts'
import { looksLikeModel } from '../core/model-name.ts'
import { exportQueue, readQueueFile } from './queue-file.ts'
import type { QueueItem } from './queue-file.ts'

const items: QueueItem[] = [
  {
    reference: 'https://h/a[1-3].zip?x={a,b}',
    filename: 'ä.zip',
    dir: '/d',
    priority: 7,
    checksum: [`sha256:${'ab'.repeat(32)}`],
    mirrors: ['https://m/a'],
    connections: 4,
    speedLimit: 1000,
    retries: 3,
    ifExists: 'skip',
    startAt: '2026-01-02T03:04:05.000Z',
    paused: true,
  },
  { reference: 'http://[::1]:8080/b' },
]

test('JSON brings every download back as it was', () => {
  const { items: read, errors } = readQueueFile(exportQueue(items, 'json'), 'json')
  assert.deepEqual(errors, [])
  assert.deepEqual(
    read,
    items.map((item, index) => ({ ...item, line: index + 1 })),
  )
})

test('a model of a text comes from the same registry again, or is a comment', () => {
  const models: QueueItem[] = [
    { reference: 'llama3.2:1b' },
    { reference: 'small', kind: 'model', model: { registry: 'http://127.0.0.1:5000' } },
    { reference: 'http://127.0.0.1:5000/a/b', kind: 'model' },
    { reference: 'oci://ghcr.io/owner/deep/er:v1' },
    { reference: 'small', kind: 'model', model: { registry: 'https://registry.example.org' } },
    { reference: 'small', kind: 'model', model: { registry: 'http://registry.example.org' } },
  ]
  const lines = exportQueue(models, 'text').trimEnd().split('\n')
  assert.deepEqual(lines, [
    'llama3.2:1b',
    'ollama://127.0.0.1:5000/library/small:latest',
    'ollama://127.0.0.1:5000/a/b:latest',
    'oci://ghcr.io/owner/deep/er:v1',
    'ollama://registry.example.org/library/small:latest',
    '# http://registry.example.org/library/small:latest: a list cannot say that it is asked by http',
  ])
  assert.ok(lines.slice(0, 5).every(looksLikeModel))
  assert.equal(readQueueFile(lines.join('\n'), 'text').items.length, 5)
})

test('text is one address a line, and no bracket in it is a pattern', () => {
  const text = exportQueue(items, 'text')
  assert.equal(text, 'https://h/a%5B1-3%5D.zip?x=%7Ba,b%7D\nhttp://[::1]:8080/b\n')
  assert.equal(readQueueFile(text, 'text').items.length, 2)
  assert.equal(exportQueue([], 'text'), '')
})

test('text may be any list', () => {
  const { items: read, errors } = readQueueFile('# x\nhttp://h/[1-2]\n dir=sub\nhttp://h/[2-1]\n', 'text')
  assert.deepEqual(
    read.map(({ reference, dir }) => [reference, dir]),
    [
      ['http://h/1', 'sub'],
      ['http://h/2', 'sub'],
    ],
  )
  assert.deepEqual(
    errors.map(({ line }) => line),
    [4],
  )
})

test('secrets stay here, and what lacks one is not imported', () => {
  const secret: QueueItem[] = [
    { reference: 'https://u:geheim@h/x', mirrors: ['https://m/?sig=geheim'], referer: 'https://r/?token=geheim' },
    { reference: 'https://h/x?token=geheim&a=1' },
    { reference: 'https://u:geheim@h/y' },
  ]
  for (const format of ['json', 'text'] as const) assert.doesNotMatch(exportQueue(secret, format), /geheim/)
  const { items: read, errors } = readQueueFile(exportQueue(secret, 'json'), 'json')
  assert.deepEqual(read, [{ reference: 'https://h/y', line: 3 }])
  assert.deepEqual(
    errors.map(({ line, code }) => [line, code]),
    [
      [1, 'usage'],
      [2, 'usage'],
    ],
  )
})

test('wrong items are errors with their place, and the others stay', () => {
  const wrong = [
    {},
    { reference: 1 },
    { reference: '' },
    { reference: 'http://h/', priority: 11 },
    { reference: 'http://h/', priority: '5' },
    { reference: 'http://h/', headers: { cookie: 'x' } },
    { reference: 'http://h/', filename: 'a\nb' },
    { reference: 'http://h/', startAt: 'tomorrow' },
    JSON.parse('{"reference": "http://h/", "__proto__": {"priority": 1}}') as object,
    null,
    'http://h/',
    [],
  ]
  const text = JSON.stringify({ version: 1, downloads: [...wrong, { reference: 'http://h/ok' }] })
  const { items: read, errors } = readQueueFile(text, 'json')
  assert.deepEqual(read, [{ reference: 'http://h/ok', line: wrong.length + 1 }])
  assert.deepEqual(
    errors.map(({ line }) => line),
    wrong.map((_, index) => index + 1),
  )
  assert.match(errors[3]?.message ?? '', /^priority: /)
  assert.match(errors[5]?.message ?? '', /headers/)
})

test('text that is no queue is refused as a whole', () => {
  const many = JSON.stringify({ version: 1, downloads: Array.from({ length: 100_001 }, () => 0) })
  for (const text of ['', '{', '[]', 'null', '1', '{"version":2,"downloads":[]}', '{"version":1,"downloads":{}}', many])
    assert.throws(
      () => readQueueFile(text, 'json'),
      (error) => error instanceof SluiceError && error.code === 'usage',
      text.slice(0, 40),
    )
})

test('property: any JSON gives items and errors, or a usage error', () => {
  const field = fc.constantFrom('reference', 'mirrors', 'priority', 'checksum', 'startAt', '__proto__', 'x')
  const item = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()))
  fc.assert(
    fc.property(fc.array(item), (downloads) => {
      const { items: read, errors } = readQueueFile(JSON.stringify({ version: 1, downloads }), 'json')
      assert.equal(read.length + errors.length, downloads.length)
      for (const { reference } of read) assert.equal(typeof reference, 'string')
    }),
  )
})
