import { shortHash } from '../core/short-hash.ts'

/** What an archive is called in the folder for those on their way: builds of all repositories and releases lie there. */
export function archiveName(repository: string, tag: string, asset: string): string {
  return `${repository.replace('/', '.')}-${tag}-${asset}`
}

/** Names its part at the engine. */
export function archiveKey(dir: string, name: string): string {
  return `dl-${shortHash(`${dir}\n${name}`)}`
}
