import type { Client } from 'pg'
import { decodePercent } from '../../core/url.ts'
import { ok, problem } from './finding.ts'
import type { Finding } from './finding.ts'

const topic = 'database'
const patienceMs = 5000

/** Whether the PostgreSQL of an address lets Sluice in. Nothing is changed; credentials are not repeated. */
export async function postgresFindings(address: string): Promise<Finding[]> {
  const url = URL.parse(address)
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    const hint = 'It has the form postgres://user:password@host:5432/name.'
    return [problem(topic, 'The address of the database is not understood.', hint)]
  }
  const place = `PostgreSQL at ${url.host}${url.pathname}`
  try {
    return [ok(topic, `${place}, version ${await versionOf(address)}`)]
  } catch (error) {
    const said = wordsOf(error)
    const secrets = [url.password, decodePercent(url.password)].filter((secret) => secret !== '')
    const reason = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), said)
    return [problem(topic, `${place} cannot be used: ${reason}.`, 'Check the server, the address and the user.')]
  }
}

async function versionOf(address: string): Promise<string> {
  const client = await connected(address)
  try {
    const answer = await client.query<{ version: string }>("select current_setting('server_version') as version")
    return answer.rows[0]?.version ?? 'unknown'
  } finally {
    await client.end()
  }
}

async function connected(address: string): Promise<Client> {
  const { Client } = (await import('pg')).default
  const client = new Client({ connectionString: address, connectionTimeoutMillis: patienceMs })
  // A connection that breaks later is told by the query that needs it.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join(', ')
  if (!(error instanceof Error)) return String(error)
  const isMissing = 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
  return isMissing ? 'the package pg is not installed' : error.message
}
