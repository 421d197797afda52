import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** PEM text of a self-signed certificate and its key. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const kept = new Map<string, Promise<Certificate>>()

/** A certificate for 127.0.0.1 (or another name); `expired` ended years ago. Each kind is made once per process. */
export function makeCertificate(subject = 'IP:127.0.0.1', expired = false): Promise<Certificate> {
  const kind = `${subject} ${expired}`
  const certificate = kept.get(kind) ?? generate(subject, expired)
  kept.set(kind, certificate)
  return certificate
}

/** `openssl ca` because it is the one command of OpenSSL 3.0 that takes dates in the past. */
async function generate(subject: string, expired: boolean): Promise<Certificate> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-cert-'))
  try {
    await writeFile(join(dir, 'index.txt'), '')
    await writeFile(join(dir, 'ca.cnf'), configuration(dir, subject))
    const config = ['-config', join(dir, 'ca.cnf')]
    await run('openssl', [
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', ...config],
      ...['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'request.pem'), '-subj', '/CN=lying server'],
    ])
    const dates = expired ? ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'] : ['-days', '3']
    await run('openssl', [
      ...['ca', '-selfsign', '-batch', '-notext', ...config, ...dates],
      ...['-keyfile', join(dir, 'key.pem'), '-in', join(dir, 'request.pem'), '-out', join(dir, 'cert.pem')],
    ])
    return { cert: await readFile(join(dir, 'cert.pem'), 'utf8'), key: await readFile(join(dir, 'key.pem'), 'utf8') }
  } finally {
    await rm(dir, { recursive: true })
  }
}

function configuration(dir: string, subject: string): string {
  return `
[req]
distinguished_name = name
[name]
[ca]
default_ca = here
[here]
database = ${dir}/index.txt
new_certs_dir = ${dir}
serial = ${dir}/serial
rand_serial = yes
default_md = sha256
policy = anything
x509_extensions = extensions
[anything]
commonName = supplied
[extensions]
subjectAltName = ${subject}
basicConstraints = critical,CA:true
`
}
