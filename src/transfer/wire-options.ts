import { SluiceError } from '../core/errors.ts'
import type { WireOptions } from '../wire/types.ts'
import type { EngineOptions } from './types.ts'

const { readFileSync } = process.getBuiltinModule('node:fs')

/** What of the options of an engine concerns connections. Throws `usage` for certificates that cannot be read. */
export function wireOptions(options: Omit<EngineOptions, 'headers'>): WireOptions {
  const { cacert, connectTimeout, stallTimeout } = options
  return {
    family: options.family,
    insecure: options.insecure,
    ...(connectTimeout === undefined ? {} : { connectTimeout, tlsTimeout: connectTimeout }),
    ...(stallTimeout === undefined ? {} : { stallTimeout, headersTimeout: 2 * stallTimeout }),
    ...(cacert === undefined ? {} : { ca: readCertificates(cacert) }),
  }
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SluiceError('usage', `The certificate file ${path} cannot be read.`, { cause, hint: 'Check --cacert.' })
  }
}
