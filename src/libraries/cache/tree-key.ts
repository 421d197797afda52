import { compareVersions } from '../../core/dotted-version.ts'
import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'
import { safeFileName } from '../../core/file-name.ts'
import { allTargets } from '../../core/llama-target.ts'
import { buildNumber } from '../../core/llama-version.ts'
import type { TreeKey } from '../types.ts'
import { folders } from './cache-context.ts'

const repositoryForm = /^([\w-][\w.-]{0,99})\/([\w-][\w.-]{0,99})$/
const variantForm = /^[a-z\d](?:[\w.-]{0,62}[\w-])?$/
/** What a folder of a tree is called: platform, variant and the beginning of the archive's digest. */
export const leafForm = new RegExp(
  `^(${allTargets.map(({ os, arch }) => `${os}-${arch}`).join('|')})-([a-z\\d][\\w.-]{0,63})-[a-f\\d]{12}$`,
)

/** What the name of a folder says of its tree; null for none. */
export function readLeaf(name: string): Pick<TreeKey, 'platform' | 'variant'> | null {
  const [, place, variant] = leafForm.exec(name) ?? []
  const platform = allTargets.find(({ os, arch }) => `${os}-${arch}` === place)
  return platform === undefined || variant === undefined ? null : { platform, variant }
}

/**
 * Names of the folders from that of the cache to the one that holds the trees of a key. Owner and repository are in lower
 * case, as GitHub takes both cases for the same.
 * @throws SluiceError `usage` for a key that makes no folder names
 */
export function tagFolderNames({ repository, tag }: Pick<TreeKey, 'repository' | 'tag'>): readonly string[] {
  const [, owner, name] = repositoryForm.exec(repository) ?? []
  if (owner === undefined || name === undefined) throw refused('repository', repository)
  return [folders.trees, folderName('repository', owner), folderName('repository', name), folderName('tag', tag)]
}

/** `linux-amd64-cuda-13.4-` */
export function leafPrefix({ platform: { os, arch }, variant }: Pick<TreeKey, 'platform' | 'variant'>): string {
  if (!allTargets.some((target) => target.os === os && target.arch === arch)) throw refused('platform', `${os}/${arch}`)
  if (!variantForm.test(variant)) throw refused('variant', variant)
  return `${os}-${arch}-${variant}-`
}

export function leafName(key: TreeKey, sha256: string): string {
  return leafPrefix(key) + sha256.slice(0, 12)
}

/** Whether a folder of this name may hold a tree of the key. */
export function isLeafOf(key: TreeKey, name: string): boolean {
  const prefix = leafPrefix(key)
  return name.startsWith(prefix) && /^[a-f\d]{12}$/.test(name.slice(prefix.length))
}

/** For sorting, newest version first: builds by their number, then dotted versions, then all else. */
export function newerTagFirst(a: string, b: string): number {
  const [left, right] = [tagRank(a), tagRank(b)]
  if (left.kind !== right.kind) return right.kind - left.kind
  return left.kind === 2 ? right.build - left.build : compareVersions(b.replace(/^v/i, ''), a.replace(/^v/i, ''))
}

function tagRank(tag: string): { readonly kind: 0 | 1 | 2; readonly build: number } {
  const build = buildNumber(tag)
  if (build !== null) return { kind: 2, build }
  return { kind: /^v?\d/i.test(tag) ? 1 : 0, build: 0 }
}

function folderName(what: string, text: string): string {
  if (safeFileName(text) !== text) throw refused(what, text)
  return what === 'repository' ? text.toLowerCase() : text
}

function refused(what: string, text: string): SluiceError {
  return new SluiceError('usage', `The ${what} "${excerpt(text)}" cannot be kept in the cache: it is no safe name.`)
}
