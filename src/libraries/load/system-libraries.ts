import { access, glob, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** What `ld.so` looks into by default, besides what `/etc/ld.so.conf` names. */
const linuxFolders = ['/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib']
const triplets: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
/** Most lines that are taken of the loader's configuration, with all files that it includes. */
const maxLines = 512

/** Files are looked for in these, so that a sentence can name what is missing; the loader itself has the last word. */
export interface LibraryFolders {
  readonly platform: string
  readonly folders: readonly string[]
}

/** Folders of the system's libraries; empty for macOS, whose libraries are in no folder. */
export async function libraryFolders(
  env: NodeJS.ProcessEnv = process.env,
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<LibraryFolders> {
  if (platform === 'win32') {
    const windows = env['SystemRoot'] ?? 'C:\\Windows'
    const path = env['Path'] ?? env['PATH'] ?? ''
    return { platform, folders: [`${windows}\\System32`, ...path.split(';').filter((folder) => folder !== '')] }
  }
  if (platform !== 'linux') return { platform, folders: [] }
  const asked = (env['LD_LIBRARY_PATH'] ?? '').split(/[:;]/).filter((folder) => folder.startsWith('/'))
  const triplet = triplets[arch]
  const own = triplet === undefined ? [] : [`/lib/${triplet}`, `/usr/lib/${triplet}`]
  return { platform, folders: [...new Set([...asked, ...(await configured()), ...own, ...linuxFolders])] }
}

/** Whether a library of that name is there; true as well where that cannot be known. */
export async function isInSystem(name: string, { platform, folders }: LibraryFolders): Promise<boolean> {
  if (platform === 'linux' && /^(linux-vdso|ld-linux|ld-musl)/.test(name)) return true
  if (platform === 'win32' && /^(api|ext)-ms-/i.test(name)) return true
  if (folders.length === 0 || /[/\\]/.test(name)) return true
  for (const folder of folders) if (await isThere(join(folder, name))) return true
  return false
}

async function configured(): Promise<string[]> {
  const folders: string[] = []
  let lines = 0
  async function read(file: string): Promise<void> {
    for (const line of (await textOf(file)).split('\n')) {
      if (++lines > maxLines) return
      const words = line.replace(/#.*/, '').trim()
      const included = /^include\s+(.+)$/.exec(words)?.[1]
      if (included === undefined) folders.push(...words.split(/[:,\s]+/).filter((folder) => folder.startsWith('/')))
      else for (const other of await matching(included, dirname(file))) await read(other)
    }
  }
  await read('/etc/ld.so.conf')
  return folders
}

/** Files of an include, whose last part may have `*`. */
async function matching(pattern: string, base: string): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob(resolve(base, pattern))) found.push(file)
  return found.sort()
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    // No such file on this system, or none for us: it then says nothing.
    return ''
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
