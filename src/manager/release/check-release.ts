import { createHash } from 'node:crypto'
import { parseAssetTarget, showTarget } from '../../core/llama-target.ts'
import { readNamePattern } from '../../core/name-pattern.ts'
import { parseReleaseReference, releasePage, showRelease } from '../../core/release-reference.ts'
import type { StoredReleaseOptions } from '../../store/types.ts'
import { checkChecksums, checkName, usage } from '../check-fields.ts'
import type { CheckedReference } from '../checked-reference.ts'
import type { AddRequest } from '../types.ts'

const foreign = ['headers', 'mirrors', 'userAgent', 'referer', 'model', 'llama'] as const

/**
 * A file of a release at GitHub. `pages` is where GitHub shows releases. `usage` and `unsupported-platform` errors tell what
 * is wrong; whether there are such a release and such a file is found out later.
 */
export function checkRelease(request: AddRequest, pages: string): CheckedReference {
  for (const name of foreign) {
    const value = request[name]
    if (value === undefined || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)) continue
    throw usage(`${name}: a file of a release takes none.`, 'Release, asset and platform say all that is needed.')
  }
  const named = parseReleaseReference(request.reference)
  const reference = showRelease(named)
  const chosenName = checkName(request.filename)
  const release = checkOptions(request)
  return {
    kind: 'release',
    reference,
    url: releasePage(pages, named),
    host: new URL(pages).host,
    chosenName,
    filename: chosenName ?? '',
    options: { ...checkChecksums(request.checksum), release },
    hidden: null,
    fingerprint: releaseFingerprint(reference, release),
  }
}

/** The same for the same release, pattern and platform; the machine of the daemon is one of the platforms. */
export function releaseFingerprint(reference: string, { asset = '', platform = '' }: StoredReleaseOptions): string {
  const { repository, tag } = parseReleaseReference(reference)
  const text = ['release', repository.toLowerCase(), tag ?? '', asset, platform].join('\n')
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

function checkOptions({ asset = '', platform = '' }: AddRequest): StoredReleaseOptions {
  const pattern = asset.trim()
  if (pattern !== '') readNamePattern(pattern)
  const target = platform.trim() === '' ? null : parseAssetTarget(platform)
  return {
    ...(pattern === '' ? {} : { asset: pattern }),
    ...(target === null ? {} : { platform: showTarget(target) }),
  }
}
