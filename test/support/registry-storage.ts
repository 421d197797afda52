import { link, mkdir, open, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FixtureBlob, FixtureModel } from './model-fixture.ts'

const PIECE = 1 << 20

/** Path of a blob's bytes, below the root of a registry's storage (distribution, `registry/storage/paths.go`). */
function blobPath(digest: string): string {
  const hex = hexOf(digest)
  return join('docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data')
}

/**
 * Puts a model into the storage of a docker-registry, which need not run and sees it at once: far quicker than to push
 * it, needs no login, and takes manifests that a push would refuse. Blobs that are there stay as they are.
 * `from`: paths of files that hold blobs already, by digest; they are linked.
 */
export async function storeModel(
  storageDir: string,
  model: FixtureModel,
  from: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const child of model.children) await storeModel(storageDir, child, from)
  const repository = join(storageDir, 'docker/registry/v2/repositories', model.repository)
  for (const blob of model.blobs) {
    await storeBlob(join(storageDir, blobPath(blob.digest)), blob, from[blob.digest])
    await writeLink(join(repository, '_layers/sha256', hexOf(blob.digest)), blob.digest)
  }
  const { manifestDigest, tag } = model
  await write(join(storageDir, blobPath(manifestDigest)), model.manifestBytes)
  await writeLink(join(repository, '_manifests/revisions/sha256', hexOf(manifestDigest)), manifestDigest)
  if (tag === null) return
  await writeLink(join(repository, '_manifests/tags', tag, 'current'), manifestDigest)
  await writeLink(join(repository, '_manifests/tags', tag, 'index/sha256', hexOf(manifestDigest)), manifestDigest)
}

async function storeBlob(path: string, { content, size }: FixtureBlob, file: string | undefined): Promise<void> {
  if (await hasSize(path, size)) return
  await mkdir(dirname(path), { recursive: true })
  if (file !== undefined) return link(file, path)
  await using handle = await open(path, 'w')
  for (let at = 0; at < size; at += PIECE) await handle.writeFile(content.read(at, Math.min(size, at + PIECE)))
}

async function hasSize(path: string, size: number): Promise<boolean> {
  return stat(path).then(
    (found) => found.size === size,
    () => false,
  )
}

async function writeLink(folder: string, digest: string): Promise<void> {
  await write(join(folder, 'link'), digest)
}

async function write(path: string, bytes: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length)
}
