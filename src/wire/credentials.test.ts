import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import { parseCookieFile } from './cookie-file.ts'
import { requestFields } from './credentials.ts'
import type { RequestProfile } from './credentials.ts'
import { parseHeaderLine } from './header-rules.ts'
import { parseNetrc } from './netrc.ts'

const empty: RequestProfile = { headers: [], logins: new Map(), netrc: [], cookies: [] }
const first = 'https://a.test'

function fieldsFor(profile: Partial<RequestProfile>, url = 'https://a.test/x'): Record<string, string> {
  return Object.fromEntries(requestFields({ ...empty, ...profile }, new URL(url), first, 1_800_000_000_000))
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
const headers = (...lines: string[]): Partial<RequestProfile> => ({ headers: lines.map(parseHeaderLine) })

test('the plain request says who asks and wants the bytes as they are', () => {
  assert.deepEqual(requestFields(empty, new URL(first), first, 0), [
    ['User-Agent', 'sluice/0.1.0'],
    ['Accept', '*/*'],
    ['Accept-Encoding', 'identity'],
  ])
})

test('User-Agent and Referer can be chosen, and left out', () => {
  assert.equal(fieldsFor({ userAgent: 'me/1' })['User-Agent'], 'me/1')
  assert.ok(!('User-Agent' in fieldsFor({ userAgent: '' })))
  assert.equal(fieldsFor({ referer: 'https://r.test/page?x=1' })['Referer'], 'https://r.test/page?x=1')
  assert.throws(
    () => fieldsFor({ userAgent: 'a\r\nb' }),
    (error) => error instanceof SluiceError && error.code === 'usage',
  )
})

test('another origin sees only where the Referer comes from', () => {
  assert.equal(fieldsFor({ referer: 'https://u:p@r.test/page?x=1' }, 'https://b.test/')['Referer'], 'https://r.test/')
  assert.ok(!('Referer' in fieldsFor({ referer: 'whatever' }, 'https://b.test/')))
})

test('headers of the user replace the defaults, remove them, or send them empty', () => {
  const fields = fieldsFor(headers('accept: text/x', 'User-Agent:', 'X-Empty;', 'X-Key: 1'))
  assert.deepEqual(fields, { 'Accept-Encoding': 'identity', accept: 'text/x', 'X-Empty': '', 'X-Key': '1' })
})

test('headers of the user go to the first origin alone: not to another host, port or scheme', () => {
  const profile = headers(
    'X-Api-Key: geheim',
    'Authorization: Bearer geheim',
    'Cookie: a=geheim',
    'User-Agent: geheim',
    'Accept:',
  )
  assert.equal(fieldsFor(profile)['Authorization'], 'Bearer geheim')
  for (const other of ['https://b.test/', 'https://x.a.test/', 'https://a.test:8443/', 'http://a.test/']) {
    assert.deepEqual(fieldsFor(profile, other), { 'User-Agent': 'sluice/0.1.0', 'Accept-Encoding': 'identity' })
  }
})

test('Authorization comes from the header, else from the address, else from netrc', () => {
  const logins = new Map([[first, { username: 'al', password: 'ä:b' }]])
  const netrc = parseNetrc('machine a.test login net password rc').entries
  assert.equal(fieldsFor({ logins, netrc, ...headers('authorization: Bearer t') })['authorization'], 'Bearer t')
  assert.ok(!('Authorization' in fieldsFor({ logins, netrc, ...headers('authorization: Bearer t') })))
  assert.ok(!('Authorization' in fieldsFor({ logins, netrc, ...headers('Authorization:') })))
  assert.equal(fieldsFor({ logins, netrc })['Authorization'], basic('al:ä:b'))
  assert.equal(fieldsFor({ netrc })['Authorization'], basic('net:rc'))
})

test('a user without a password finds it in netrc under that name', () => {
  const netrc = parseNetrc('machine a.test login one password 1 machine a.test login two password 2').entries
  const as = (username: string): string | undefined =>
    fieldsFor({ netrc, logins: new Map([[first, { username, password: undefined }]]) })['Authorization']
  assert.equal(as('two'), basic('two:2'))
  assert.equal(as('three'), basic('three:'))
})

test('the login of an address goes to its origin alone', () => {
  const logins = new Map([
    [first, { username: 'al', password: 'p' }],
    ['https://mirror.test', { username: 'mi', password: 'q' }],
  ])
  assert.ok(!('Authorization' in fieldsFor({ logins }, 'https://b.test/')))
  assert.equal(fieldsFor({ logins }, 'https://mirror.test/')['Authorization'], basic('mi:q'))
})

test('netrc gives a redirect target its own password over https, and never that of the default entry', () => {
  const netrc = parseNetrc('machine b.test login b password b default login d password d').entries
  assert.equal(fieldsFor({ netrc })['Authorization'], basic('d:d'))
  assert.equal(fieldsFor({ netrc }, 'https://b.test/')['Authorization'], basic('b:b'))
  assert.ok(!('Authorization' in fieldsFor({ netrc }, 'http://b.test/')))
  assert.ok(!('Authorization' in fieldsFor({ netrc }, 'https://c.test/')))
})

test('cookies go where their domain says, unless the user gives his own', () => {
  const { cookies } = parseCookieFile('a.test\tFALSE\t/\tFALSE\t0\tn\tvü\n')
  assert.equal(fieldsFor({ cookies })['Cookie'], 'n=v\xc3\xbc')
  assert.ok(!('Cookie' in fieldsFor({ cookies }, 'https://b.test/')))
  assert.equal(fieldsFor({ cookies, ...headers('Cookie: own=1') })['Cookie'], 'own=1')
})
