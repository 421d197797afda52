import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

// The rules of ollama for its models folder, written from their description alone: nothing of the product is imported, so
// that a mistake there is not repeated here.

const host = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$/
const namespace = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$/
const modelOrTag = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/
const grammar = [host, namespace, modelOrTag, modelOrTag]
const blobName = /^sha256-[0-9a-f]{64}$/
const digestForm = /^sha256:([0-9a-f]{64})$/
/** Before ollama deletes what nothing needs, when it starts. */
const grace = 60 * 60 * 1000

/** What is wrong with a models folder, as sentences; none when a real ollama finds every model of it whole. */
export async function checkOllamaStore(dir: string): Promise<string[]> {
  const problems: string[] = []
  for (const folder of ['blobs', 'manifests']) await checkMode(join(dir, folder), 0o755, problems)
  const hashes = await checkBlobs(join(dir, 'blobs'), problems)
  const manifests = await walk(join(dir, 'manifests'), [], problems)
  const seen = new Map<string, string>()
  for (const parts of manifests) {
    const shown = parts.join('/')
    const twin = seen.get(shown.toLowerCase())
    if (twin !== undefined) problems.push(`${shown} and ${twin} are one model to ollama`)
    seen.set(shown.toLowerCase(), shown)
    if (!parts.every((part, index) => grammar[index]!.test(part))) problems.push(`${shown} is no name of a model`)
    else await checkManifest(join(dir, 'manifests', ...parts), shown, hashes, problems)
  }
  return problems
}

/** Files in `blobs/` that ollama would delete if it started at that time (ms since 1970). */
export async function pruned(dir: string, now: number): Promise<string[]> {
  const needed = new Set<string>()
  for (const parts of await walk(join(dir, 'manifests'), [], [])) {
    const text = await readFile(join(dir, 'manifests', ...parts), 'utf8')
    for (const [digest] of text.matchAll(/sha256:[0-9a-f]{64}/g)) needed.add(digest.replace(':', '-'))
  }
  const gone: string[] = []
  for (const name of await namesOf(join(dir, 'blobs'))) {
    const file = await lstat(join(dir, 'blobs', name))
    if (!file.isDirectory() && !needed.has(name) && now - file.mtimeMs > grace) gone.push(name)
  }
  return gone.sort()
}

/** Paths, as parts, of all files exactly four levels down. */
async function walk(root: string, parts: readonly string[], problems: string[]): Promise<string[][]> {
  const files: string[][] = []
  for (const name of await namesOf(join(root, ...parts))) {
    const path = [...parts, name]
    const stat = await lstat(join(root, ...path))
    const deep = path.length === grammar.length
    if (stat.isDirectory() && !deep) {
      await checkMode(join(root, ...path), 0o755, problems)
      files.push(...(await walk(root, path, problems)))
    } else if (stat.isFile() && deep) {
      await checkMode(join(root, ...path), 0o644, problems)
      files.push(path)
    } else problems.push(`manifests/${path.join('/')} does not belong there`)
  }
  return files
}

/** SHA-256 and size of each blob by the name of its file. */
async function checkBlobs(folder: string, problems: string[]): Promise<Map<string, { sha: string; size: number }>> {
  const found = new Map<string, { sha: string; size: number }>()
  for (const name of await namesOf(folder)) {
    const path = join(folder, name)
    const stat = await lstat(path)
    if (!blobName.test(name) || !stat.isFile()) {
      problems.push(`blobs/${name} does not belong there`)
      continue
    }
    await checkMode(path, 0o644, problems)
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    const sha = hash.digest('hex')
    if (name !== `sha256-${sha}`) problems.push(`blobs/${name} has the digest ${sha}`)
    found.set(name, { sha, size: stat.size })
  }
  return found
}

async function checkManifest(
  path: string,
  shown: string,
  blobs: ReadonlyMap<string, { size: number }>,
  problems: string[],
): Promise<void> {
  let manifest: { schemaVersion?: unknown; config?: unknown; layers?: unknown }
  try {
    manifest = JSON.parse(await readFile(path, 'utf8')) as typeof manifest
  } catch {
    problems.push(`${shown} is no JSON`)
    return
  }
  if (manifest.schemaVersion !== 2 || !Array.isArray(manifest.layers)) problems.push(`${shown} is no manifest`)
  const layers = Array.isArray(manifest.layers) ? (manifest.layers as unknown[]) : []
  for (const entry of [manifest.config, ...layers]) {
    const { digest, size } = (entry ?? {}) as { digest?: unknown; size?: unknown }
    const hex = typeof digest === 'string' ? digestForm.exec(digest)?.[1] : undefined
    const blob = hex === undefined ? undefined : blobs.get(`sha256-${hex}`)
    if (!blob) problems.push(`${shown} needs ${String(digest)}, which is not there`)
    else if (blob.size !== size) problems.push(`${shown} says ${String(digest)} has another size than ${blob.size}`)
  }
}

async function checkMode(path: string, wanted: number, problems: string[]): Promise<void> {
  const mode = (await lstat(path)).mode & 0o7777
  if (mode !== wanted) problems.push(`${path} has mode ${mode.toString(8)}, not ${wanted.toString(8)}`)
}

async function namesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort()
}
