import { access, constants } from 'node:fs/promises'
import { createServer } from 'node:net'
import { redactUrl } from '../../core/url.ts'
import { ok, problem, reasonOf, warning } from './finding.ts'
import type { Finding } from './finding.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Proxies without their credentials, and what decides about certificates. */
export async function networkFindings(env: Environment): Promise<Finding[]> {
  return [...proxies(env), ...(await certificates(env))]
}

function proxies(env: Environment): Finding[] {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name.toLowerCase(), name])
  const given = names.flatMap((name) => (env[name] ? [`${name}=${shownProxy(name, env[name])}`] : []))
  return [ok('proxy', given.length === 0 ? 'none in the environment' : given.join(', '))]
}

function shownProxy(name: string, value: string): string {
  if (/^no_/i.test(name)) return value
  const url = URL.parse(value.includes('://') ? value : `http://${value}`)
  return url === null ? '(not an address)' : redactUrl(url).replace(/\/$/, '')
}

async function certificates(env: Environment): Promise<Finding[]> {
  const found: Finding[] = []
  for (const name of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SLUICE_CACERT']) {
    const file = env[name]
    if (file) found.push(await readable(name, file))
  }
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    const message = 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off.'
    found.push(warning('certificates', message, 'Remove the variable, and pass --cacert for servers of your own.'))
  }
  return found.length === 0 ? [ok('certificates', 'those that come with Node')] : found
}

async function readable(name: string, file: string): Promise<Finding> {
  try {
    await access(file, constants.R_OK)
    return ok('certificates', `${name}=${file}`)
  } catch (error) {
    const message = `${name}=${file} cannot be read (${reasonOf(error)}).`
    return problem('certificates', message, 'Correct the variable, or remove it.')
  }
}

/** Whether `sluice serve` would get its usual port. */
export async function portFinding(port: number): Promise<Finding> {
  const server = createServer()
  try {
    await new Promise<void>((listening, refused) => {
      server.once('error', refused)
      server.listen({ port, host: '127.0.0.1', exclusive: true }, listening)
    })
    await new Promise((closed) => server.close(closed))
    return ok('port', `${port} is free`)
  } catch (error) {
    const message = `${port} cannot be used (${reasonOf(error)}); sluice serve takes the next free one.`
    return warning('port', message, 'Nothing has to be done; --port chooses another one.')
  }
}
