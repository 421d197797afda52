import { SluiceError } from '../../core/errors.ts'
import { buildNumber, newestFirst } from '../../core/llama-version.ts'
import type { Release } from '../../core/release.ts'
import type { GithubReleases } from './types.ts'

interface Place {
  readonly github: GithubReleases
  readonly repository: string
  readonly signal: AbortSignal | undefined
  readonly isComplete: (release: Release) => boolean
}

/** Releases that are looked at. */
const perPage = 10
const pages = 3

/** The newest build that has what is wanted; where none of 30 releases has, the newest one. Says what it passed over. */
export async function newestComplete(place: Place, why: string[]): Promise<Release> {
  const builds = await listBuilds(place, Number.POSITIVE_INFINITY)
  const [newest] = builds
  if (newest === undefined) {
    throw new SluiceError('release-not-found', `${place.repository} has no build among its newest releases.`)
  }
  why.push(`The newest build is ${newest.tag}.`)
  const chosen = builds.find(place.isComplete)
  tell(newest.tag, chosen, builds.length, why)
  return chosen ?? newest
}

/** The newest build before that tag which has what is wanted, null where none of those looked at has. */
export async function completeBefore(place: Place, tag: string, why: string[]): Promise<Release | null> {
  const number = buildNumber(tag) ?? 0
  const builds = await listBuilds(place, number)
  const isBeyond = builds.length === 0
  const chosen = isBeyond ? await probeBefore(place, number) : builds.find(place.isComplete)
  tell(tag, chosen, isBeyond ? perPage : builds.length, why)
  return chosen ?? null
}

/** Builds below a number, newest first. The list is read on only while it can have one that is complete. */
async function listBuilds({ github, isComplete, repository, signal }: Place, below: number): Promise<Release[]> {
  const isWanted = ({ tag }: Release): boolean => (buildNumber(tag) ?? below) < below
  const enough = (release: Release): boolean => isWanted(release) && isComplete(release)
  const releases = await github.list(repository, { perPage, pages, enough, signal })
  const byTag = new Map(releases.filter(isWanted).map((release) => [release.tag, release]))
  return newestFirst([...byTag.keys()]).flatMap((tag) => byTag.get(tag) ?? [])
}

/** Where the list ends before the number: builds count commits, and most commits have one. */
async function probeBefore(place: Place, number: number): Promise<Release | undefined> {
  const { github, isComplete, repository, signal } = place
  for (let n = number - 1; n > 0 && n >= number - perPage; n--) {
    try {
      const release = await github.byTag(repository, `b${n}`, signal)
      if (isComplete(release)) return release
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'release-not-found') throw error
    }
  }
  return undefined
}

function tell(first: string, chosen: Release | undefined, looked: number, why: string[]): void {
  if (chosen?.tag === first) return
  why.push(
    chosen === undefined
      ? `None of the ${looked} builds that were looked at has what is wanted.`
      : `${first} lacks what is wanted, so the older ${chosen.tag} is taken.`,
  )
}
