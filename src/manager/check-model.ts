import { createHash } from 'node:crypto'
import { displayModel, fullModel, parseModel, sessionName } from '../core/model-name.ts'
import type { ModelName } from '../core/model-name.ts'
import { parsePlatform } from '../core/platform.ts'
import type { StoredModelOptions } from '../store/types.ts'
import { checkName, inRange, oneOf, usage } from './check-fields.ts'
import type { CheckedReference } from './checked-reference.ts'
import type { ModelRequest } from './model-types.ts'
import type { AddRequest } from './types.ts'

const targets = ['store', 'zip', 'files', 'layout'] as const

/** A `usage` or `bad-model-name` error tells what is wrong. */
export function checkModel(request: AddRequest): CheckedReference {
  refuseFileFields(request)
  const { reference, model = {} } = request
  const options = checkModelOptions(model)
  const name = nameOf(reference, options)
  const chosenName = checkName(request.filename)
  if (chosenName !== null && (options.target === undefined || options.target === 'store'))
    throw usage('filename: a model in a store has no name of its own.', 'Choose zip, files or layout as target.')
  return {
    kind: 'model',
    reference,
    url: manifestUrl(name),
    host: name.host,
    chosenName,
    filename: options.target === 'zip' ? (chosenName ?? zipName(reference)) : displayModel(name),
    options: Object.keys(options).length === 0 ? {} : { model: options },
    hidden: null,
    fingerprint: modelFingerprint(reference, options),
  }
}

/** The same for the same model, platform and target. */
export function modelFingerprint(reference: string, options: StoredModelOptions = {}): string {
  const { platform = '', target = 'store' } = options
  const text = ['model', fullModel(nameOf(reference, options)), platform, target].join('\n')
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

function nameOf(reference: string, { registry }: StoredModelOptions): ModelName {
  return parseModel(reference, { registry })
}

/** What a zip of a model is called when nobody says otherwise. */
export function zipName(reference: string): string {
  return `${sessionName(reference)}.zip`
}

function manifestUrl({ scheme, host, repository, tag, digest }: ModelName): string {
  return `${scheme}://${host}/v2/${repository}/manifests/${digest ?? tag ?? 'latest'}`
}

function checkModelOptions({ registry, platform, concurrency, target, keepStaging }: ModelRequest): StoredModelOptions {
  if (platform !== undefined && platform !== '') parsePlatform(platform)
  if (keepStaging === true && (target === 'files' || target === 'layout'))
    throw usage('keepStaging: only what is installed or becomes a zip has a staging folder to keep.')
  return {
    ...(registry === undefined || registry === '' ? {} : { registry }),
    ...(platform === undefined || platform === '' ? {} : { platform }),
    ...(concurrency === undefined ? {} : { concurrency: inRange('concurrency', concurrency, 1, 32) }),
    ...(target === undefined ? {} : { target: oneOf('target', target, targets) ?? target }),
    ...(keepStaging === true ? { keepStaging } : {}),
  }
}

function refuseFileFields({ headers = {}, checksum, mirrors = [], userAgent, referer }: AddRequest): void {
  const given = [
    ...(Object.keys(headers).length > 0 ? ['headers'] : []),
    ...(checksum === undefined ? [] : ['checksum']),
    ...(mirrors.length > 0 ? ['mirrors'] : []),
    ...(userAgent === undefined || userAgent === '' ? [] : ['userAgent']),
    ...(referer === undefined || referer === '' ? [] : ['referer']),
  ]
  if (given[0] !== undefined)
    throw usage(`${given[0]}: a model takes none.`, 'Its registry and its digests say all that is needed.')
}
