import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryEntry } from '../store/types.ts'
import { historyText } from './history-export.ts'

const entry: HistoryEntry = {
  id: 'dl-1',
  reference: 'https://h/ä.zip',
  url: 'https://h/%C3%A4.zip',
  filename: '=ä, "x".zip',
  path: '/d/ä.zip',
  kind: 'http',
  host: 'h',
  type: 'zip',
  status: 'completed',
  fileSize: 12,
  downloadedAt: '2026-01-02T03:04:05.000Z',
  startedAt: null,
  duration: 1.5,
  speed: 8,
  verdict: 'verified',
  digests: { sha256: 'ab' },
  error: null,
}
const failed: HistoryEntry = {
  ...entry,
  id: 'dl-2',
  filename: 'b',
  status: 'error',
  fileSize: null,
  verdict: null,
  digests: {},
  error: { code: 'dns', message: 'No such host.', hint: '', retryable: true },
}

async function* entries(count: number): AsyncGenerator<HistoryEntry> {
  for (let index = 0; index < count; index++) yield index % 2 === 0 ? entry : failed
}

async function chunks(count: number, format: 'json' | 'csv'): Promise<string[]> {
  const pieces: string[] = []
  for await (const piece of historyText(entries(count), format)) pieces.push(piece)
  return pieces
}

test('JSON is one array, also of none and of many entries', async () => {
  for (const count of [0, 1, 2, 1000]) {
    const list = JSON.parse((await chunks(count, 'json')).join('')) as unknown[]
    assert.deepEqual([list.length, list[0]], [count, count === 0 ? undefined : entry])
  }
})

test('CSV has a header and a safe record for each entry', async () => {
  const [header, first, second, end] = (await chunks(2, 'csv')).join('').split('\r\n')
  assert.equal(
    header,
    'id,filename,status,fileSize,type,host,kind,url,reference,path,startedAt,downloadedAt,duration,speed,verdict,sha256,errorCode,errorMessage',
  )
  assert.equal(
    first,
    `dl-1,"'=ä, ""x"".zip",completed,12,zip,h,http,https://h/%C3%A4.zip,https://h/ä.zip,/d/ä.zip,,2026-01-02T03:04:05.000Z,1.5,8,verified,ab,,`,
  )
  assert.match(second ?? '', /^dl-2,b,error,,zip.*,,,dns,No such host\.$/)
  assert.equal(end, '')
})

test('many entries come in pieces, so that a history of any length can be exported', async () => {
  const pieces = await chunks(3000, 'csv')
  assert.ok(pieces.length > 3)
  assert.ok(pieces.every((piece) => piece.length < 70_000))
})
