import { access, constants } from 'node:fs/promises'
import { createServer } from 'node:net'
import { ok, problem, reasonOf, warning } from './finding.ts'
import type { Finding } from './finding.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What decides about certificates. `configured` stands in the file or in SLUICE_CACERT. */
export async function certificateFindings(env: Environment, configured: string | undefined): Promise<Finding[]> {
  const found: Finding[] = []
  for (const name of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']) {
    const file = env[name]
    if (file) found.push(await readable(name, file))
  }
  if (configured !== undefined) found.push(await readable('cacert', configured))
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

/** Whether `sluice serve` would get its port. */
export async function portFinding(port: number, host = '127.0.0.1'): Promise<Finding> {
  if (port === 0) return ok('port', 'any that is free')
  const server = createServer()
  try {
    await new Promise<void>((listening, refused) => {
      server.once('error', refused)
      server.listen({ port, host, exclusive: true }, listening)
    })
    await new Promise((closed) => server.close(closed))
    return ok('port', `${port} is free`)
  } catch (error) {
    const message = `${port} cannot be used (${reasonOf(error)}); sluice serve takes the next free one.`
    return warning('port', message, 'Nothing has to be done; --port chooses another one.')
  }
}
