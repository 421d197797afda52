import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLog, plainLine } from './log.ts'

function logged(level: 'error' | 'warn' | 'info' | 'debug' = 'info') {
  const lines: string[] = []
  const log = createLog(level, { write: (line) => void lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> }
}

describe('the log', () => {
  it('writes one line of JSON for each message, with time, level and fields', () => {
    const { log, lines, last } = logged()
    log.info({ id: 'dl-1', bytes: 5 }, 'A download is complete.')
    assert.equal(lines.length, 1)
    assert.ok(lines[0]?.endsWith('\n'))
    const { time, ...rest } = last()
    assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    assert.deepEqual(rest, { level: 30, id: 'dl-1', bytes: 5, msg: 'A download is complete.' })
  })

  it('keeps to its level, which can change at any time', () => {
    const { log, lines } = logged('warn')
    log.info({}, 'no')
    log.debug({}, 'no')
    log.warn({}, 'yes')
    log.setLevel('debug')
    log.debug({}, 'yes')
    log.setLevel('error')
    log.warn({}, 'no')
    log.error({}, 'yes')
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { msg: string }).msg),
      ['yes', 'yes', 'yes'],
    )
  })

  it('never shows a secret, wherever it stands', () => {
    const { log, lines } = logged('debug')
    const cause = new Error('refused by https://user:hunter2@host.test/a?sig=hunter2')
    log.error({ error: new Error('failed', { cause }), headers: { 'X-Any': 'hunter2' } }, 'at http://u:hunter2@h.test/')
    log.warn({ url: 'https://h.test/?X-Amz-Signature=hunter2&v=1', list: ['ftp://a:hunter2@b/'] }, 'x')
    log.info({ deep: { request: { Authorization: 'hunter2', Cookie: 'hunter2', apiToken: 'hunter2' } } }, 'x')
    log.debug({ address: new URL('https://u:hunter2@h.test/?token=hunter2'), password: 'hunter2' }, 'x')
    assert.doesNotMatch(lines.join(''), /hunter2/)
    assert.match(lines.join(''), /v=1/)
  })

  it('shows what is behind an error, and survives fields that JSON cannot hold', () => {
    const { log, last } = logged()
    const circle: Record<string, unknown> = { big: 1n }
    circle['self'] = circle
    log.error({ error: Object.assign(new Error('boom'), { code: 'EX' }), circle }, 'x')
    const { error, circle: shown } = last() as {
      error: { message: string; code: string; stack: string }
      circle: { big: string }
    }
    assert.deepEqual([error.message, error.code, shown.big], ['boom', 'EX', '1'])
    assert.match(error.stack, /log\.test/)
  })

  it('is plain in a terminal, and cannot steer it', () => {
    const line = JSON.stringify({
      level: 40,
      time: '2026-01-02T03:04:05.000Z',
      name: 'a\u001b[2J\u202e\nb',
      n: 1,
      msg: 'Look.',
    })
    assert.equal(plainLine(line), '03:04:05 warn Look. name=a [2J  b n=1\n')
  })
})
