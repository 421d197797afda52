import { createHash } from 'node:crypto'
import { wishesFor } from '../../core/backend-plan.ts'
import { showLlamaVersion, versionOfReference } from '../../core/llama-reference.ts'
import { allTargets, hostTarget, parseTarget, showTarget } from '../../core/llama-target.ts'
import { parseLlamaVersion } from '../../core/llama-version.ts'
import { releasePage as pageOfRelease } from '../../core/release-reference.ts'
import type { LlamaVersion } from '../../core/llama-version.ts'
import type { StoredLlamaOptions, StoredOptions } from '../../store/types.ts'
import { checkChecksums, usage } from '../check-fields.ts'
import type { CheckedReference } from '../checked-reference.ts'
import type { AddRequest } from '../types.ts'
import type { LlamaRequest } from './types.ts'

const repository = 'ggml-org/llama.cpp'
const foreign = ['filename', 'headers', 'mirrors', 'userAgent', 'referer', 'ifExists', 'model'] as const

/**
 * Libraries of llama.cpp. `pages` is where GitHub shows releases. `usage` and `unsupported-platform` errors tell what is
 * wrong; whether there is such a release is found out later.
 */
export function checkLlama(request: AddRequest, pages: string): CheckedReference {
  for (const name of foreign) {
    if (isGiven(request[name]))
      throw usage(
        `${name}: libraries of llama.cpp take none.`,
        'Version, platforms and variant say all that is needed.',
      )
  }
  const version = chosenVersion(request)
  const llama = checkOptions(request.llama ?? {})
  const { checksums } = checkPin(request.checksum, llama)
  const shown = showLlamaVersion(version)
  return {
    kind: 'llama',
    reference: versionOfReference(request.reference) === null ? `llama.cpp@${shown}` : request.reference.trim(),
    url: pageOf(pages, version),
    host: new URL(pages).host,
    chosenName: null,
    filename: llamaName(shown, llama),
    options: { llama, ...(checksums === undefined ? {} : { checksums }) },
    hidden: null,
    fingerprint: llamaFingerprint(shown, llama),
  }
}

/** The same for the same version, platforms and variant. */
export function llamaFingerprint(version: string, { platforms, variant = 'auto' }: StoredLlamaOptions): string {
  const text = ['llama', version, variant, ...platforms.toSorted()].join('\n')
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

/** What a list calls it. */
export function llamaName(version: string, { platforms, variant = 'auto' }: StoredLlamaOptions): string {
  const names = platforms.map((platform) => platform.replace('/', '-')).join(', ')
  return `llama.cpp ${version} ${names}${variant === 'auto' ? '' : ` ${variant}`}`
}

/** Where people read of a release. */
export function releasePage(pages: string, tag: string): string {
  return pageOfRelease(pages, { repository, tag })
}

function pageOf(pages: string, version: LlamaVersion): string {
  if ('tag' in version) return releasePage(pages, version.tag)
  return `${pages}/${repository}/releases${version.kind === 'latest' ? '/latest' : ''}`
}

function chosenVersion({ reference, llama }: AddRequest): LlamaVersion {
  const named = versionOfReference(reference)
  const asked = llama?.version === undefined || llama.version === '' ? null : parseLlamaVersion(llama.version)
  if (named !== null && asked !== null && showLlamaVersion(named) !== showLlamaVersion(asked))
    throw usage('version: it differs from that of the reference; give one of both.')
  return named ?? asked ?? { kind: 'latest' }
}

function checkOptions({ platforms = [], variant = '', strict }: LlamaRequest): StoredLlamaOptions {
  const wanted = variant.trim().toLowerCase()
  if (wanted !== '' && wanted !== 'all') wishesFor(wanted, null)
  const targets = platforms.length === 0 ? [hostTarget(process.platform, process.arch)] : platforms.flatMap(targetsOf)
  return {
    platforms: [...new Set(targets.map(showTarget))],
    ...(wanted === '' || wanted === 'auto' ? {} : { variant: wanted }),
    ...(strict === true ? { strict } : {}),
  }
}

/** A SHA-256 that the archive must have: that of a single build. */
function checkPin(
  checksum: AddRequest['checksum'],
  { platforms, variant }: StoredLlamaOptions,
): Pick<StoredOptions, 'checksums'> {
  const checked = checkChecksums(checksum)
  const [first, ...more] = checked.checksums ?? []
  if (first === undefined) return {}
  if (more.length > 0 || !first.startsWith('sha256:'))
    throw usage('checksum: libraries of llama.cpp take one SHA-256.', 'Write it as sha256:HEX.')
  if (platforms.length > 1 || variant === 'all')
    throw usage('checksum: it belongs to a single platform and variant, not to several.')
  return checked
}

function targetsOf(platform: string): readonly ReturnType<typeof parseTarget>[] {
  return platform.trim().toLowerCase() === 'all' ? allTargets : [parseTarget(platform)]
}

function isGiven(value: unknown): boolean {
  if (value === undefined || value === '') return false
  return typeof value !== 'object' || value === null || Object.keys(value).length > 0
}
