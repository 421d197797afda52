import type { Settings } from '../config/settings.ts'
import type { StoredOptions } from '../store/types.ts'
import { inRange, oneOf, usage } from './check-fields.ts'
import { checkFile } from './check-file.ts'
import { checkModel } from './check-model.ts'
import type { CheckedReference } from './checked-reference.ts'
import type { Desk } from './desk.ts'
import { checkLlama } from './llama/check-llama.ts'
import { checkRelease } from './release/check-release.ts'
import { isPublicOnly, refusePrivate } from './public-only.ts'
import { kindOf } from './request-kind.ts'
import type { RequestKind } from './request-kind.ts'
import type { AddRequest } from './types.ts'

/** A request that can be carried out. What is shown holds no credentials. */
export interface CheckedRequest extends CheckedReference {
  /** As asked for; '' is the daemon's own folder. */
  readonly dir: string
  readonly priority: number
  readonly paused: boolean
  readonly startAt: string | null
  readonly ifDuplicate: 'add' | 'skip' | 'fail'
}

type Preset = Partial<Settings['presets'][number]>

/**
 * Checks what a user asks for, with its preset and the settings; a `usage`, `bad-url`, `bad-model-name`,
 * `unsupported-platform` or `private-address` error tells what is wrong.
 */
export function checkRequest(
  request: AddRequest,
  desk: Pick<Desk, 'options' | 'settings' | 'githubPages'>,
): CheckedRequest {
  const settings = desk.settings()
  const preset = presetOf(request, settings)
  const wanted = checkReference(request, preset, desk.githubPages)
  if (isPublicOnly(desk.options, settings)) refusePrivate(addressesOf(request, wanted))
  return {
    ...wanted,
    options: { ...wanted.options, ...checkOptions(request, preset) },
    dir: request.dir ?? preset.dir ?? settings.downloadFolder,
    priority: checkPriority(request.priority ?? preset.priority ?? 5),
    paused: request.paused ?? false,
    startAt: request.startAt === undefined ? null : checkTime(request.startAt),
    ifDuplicate: oneOf('ifDuplicate', request.ifDuplicate, ['add', 'skip', 'fail']) ?? settings.ifDuplicate,
  }
}

/** The addresses that the user has chosen. */
function addressesOf({ reference, mirrors = [] }: AddRequest, { kind, url }: CheckedReference): readonly string[] {
  if (kind === 'http') return [reference, ...mirrors]
  return kind === 'model' ? [url] : []
}

function checkReference(given: AddRequest, preset: Preset, pages: () => string): CheckedReference {
  const kind = kindOf(given)
  const request = kind === 'release' ? given : withOwnPlatform(given, kind)
  switch (kind) {
    case 'http':
      return checkFile(request, preset)
    case 'model':
      return checkModel(request)
    case 'llama':
      return checkLlama(request, pages())
    case 'release':
      return checkRelease(request, pages())
  }
}

/** The platform where the fields of that kind have it. */
function withOwnPlatform(
  { asset = '', platform = '', ...request }: AddRequest,
  kind: Exclude<RequestKind, 'release'>,
): AddRequest {
  if (asset !== '')
    throw usage('asset: only a release has files to choose from.', 'Write the release as owner/repo@tag.')
  if (platform === '') return request
  if (kind === 'http') throw usage('platform: an address has none.')
  if (kind === 'model') return { ...request, model: { platform, ...request.model } }
  return { ...request, llama: { platforms: [platform], ...request.llama } }
}

export function checkPriority(priority: number): number {
  return inRange('priority', priority, 1, 10)
}

export function checkSpeedLimit(bytesPerSecond: number): number {
  return inRange('speedLimit', bytesPerSecond, 0, 1e12)
}

/** What counts for downloads of every kind. */
function checkOptions(request: AddRequest, preset: Preset): StoredOptions {
  const connections = request.connections ?? preset.connections
  const retries = request.retries ?? preset.retries
  const speedLimit = request.speedLimit ?? preset.speedLimit
  const ifExists = request.ifExists ?? preset.ifExists
  return {
    ...(connections === undefined ? {} : { connections: inRange('connections', connections, 1, 32) }),
    ...(retries === undefined ? {} : { retries: inRange('retries', retries, 0, 100) }),
    ...(speedLimit === undefined || checkSpeedLimit(speedLimit) === 0 ? {} : { speedLimit }),
    ...(ifExists === undefined
      ? {}
      : { ifExists: oneOf('ifExists', ifExists, ['rename', 'overwrite', 'skip', 'fail']) ?? ifExists }),
  }
}

function checkTime(text: string): string {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(time)) throw usage('startAt: it must be a time such as 2030-01-31T22:00:00Z.')
  return new Date(time).toISOString()
}

function presetOf({ preset }: AddRequest, settings: Settings): Preset {
  if (preset === undefined || preset === '') return {}
  const found = settings.presets.find((one) => one.name === preset)
  if (found) return found
  throw usage('preset: there is none of this name.', 'GET /api/settings shows all presets.')
}
