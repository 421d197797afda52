import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

export type Encoding = 'br' | 'gzip'
type Bytes = Uint8Array<ArrayBuffer>

/** One file of the built page, held compressed: all of them are about a megabyte. */
export interface PageFile {
  readonly type: string
  readonly compressed: ReadonlyMap<Encoding, Bytes>
  /** The bytes for those who take no compression; few do, so that they are made when asked for. */
  plain(): Bytes
  /** Changes with the content; without quotes. */
  readonly tag: string
  /** Its name changes with its content. */
  readonly hashed: boolean
}

/** By path of the request. */
export type PageFiles = ReadonlyMap<string, PageFile>

/** Where each view of the page has its address: all are the same document. */
export const viewPaths = [
  '/',
  '/active',
  '/queue',
  '/completed',
  '/history',
  '/libraries',
  '/statistics',
  '/settings',
] as const

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
}

const encodings: ReadonlyArray<readonly [Encoding, suffix: string]> = [
  ['br', '.br'],
  ['gzip', '.gz'],
]

/** The same place in a checkout and in the published package. A checkout may be shown a build made elsewhere. */
const builtPage = fileURLToPath(new URL('../../../dist/ui/', import.meta.url))
const ownBuild = import.meta.url.endsWith('.ts') ? process.env['SLUICE_UI_DIR'] : undefined

/**
 * Reads the built page. What it does not have at this moment is not served later either, and no request names a file.
 * Undefined when the page is not built.
 */
export async function readPage(folder: string = ownBuild ?? builtPage): Promise<PageFiles | undefined> {
  const names = await namesIn(folder)
  if (!names.includes('index.html')) return undefined
  const files = new Map<string, PageFile>()
  for (const name of names) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const compressed = new Map<Encoding, Bytes>()
    for (const [encoding, suffix] of encodings) {
      if (names.includes(name + suffix)) compressed.set(encoding, await read(folder, name + suffix))
    }
    const gzip = compressed.get('gzip')
    const held = gzip ?? (await read(folder, name))
    const plain = gzip === undefined ? () => held : () => new Uint8Array(gunzipSync(gzip))
    const tag = createHash('sha256').update(held).digest('base64url').slice(0, 22)
    files.set(`/${name}`, { type, plain, compressed, tag, hashed: name.startsWith('assets/') })
  }
  const index = files.get('/index.html')
  files.delete('/index.html')
  if (index !== undefined) for (const path of viewPaths) files.set(path, index)
  return files
}

function read(folder: string, name: string): Promise<Bytes> {
  return readFile(`${folder}/${name}`)
}

/** Relative and with `/`; none where the folder is missing. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    return files.map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length)).map(asPath)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function asPath(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '')
}
