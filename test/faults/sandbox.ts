import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder to download into, deep inside a world of its own, so that a write anywhere else in it is seen. */
export interface Sandbox {
  readonly root: string
  /** Where downloads go. */
  readonly dir: string
  /** Where the tool may keep what it remembers. */
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** Puts a file into the download folder that was there before; it must not change. */
  plant(name: string, bytes: string): string
  /** Puts a symbolic link there; it must stay as it is. */
  plantLink(name: string, target: string): void
  /** Puts a file there that the tool may use, replace or leave: nobody looks at it. */
  litter(name: string, bytes: Buffer): void
  /** Files of the download folder that nobody planted, relative paths. */
  fresh(): string[]
  /** What changed outside folder and home, or was planted and changed; undefined when nothing did. */
  damage(): string | undefined
  remove(): void
}

/** Hundreds of starts: all but the first find the modules compiled, as the launcher's users do. */
export const compileCache: string = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'sluice')

export function makeSandbox(): Sandbox {
  const root = mkdtempSync(join(tmpdir(), 'sluice-fault-'))
  const dir = join(root, 'some', 'where', 'deep', 'downloads')
  const home = join(root, 'home')
  const planted = new Map<string, string>()
  const litter = new Set<string>()
  mkdirSync(dir, { recursive: true })
  mkdirSync(home)
  for (const folder of [root, join(root, 'some'), join(root, 'some', 'where', 'deep')])
    plantAt(join(folder, 'canary'), folder)

  function plantAt(path: string, bytes: string): string {
    writeFileSync(path, bytes)
    planted.set(path, bytes)
    return path
  }

  function listed(): string[] {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
  }

  const inside = (path: string): boolean => path.startsWith(`${dir}/`)

  function damage(): string | undefined {
    for (const [path, bytes] of planted) {
      if (readOrNull(path) !== bytes) return `changed a file that was there before: ${path.slice(root.length)}`
    }
    const stray = listed().find((path) => !inside(path) && !path.startsWith(`${home}/`) && !planted.has(path))
    return stray === undefined ? undefined : `wrote outside the folder: ${stray.slice(root.length)}`
  }

  return {
    root,
    dir,
    home,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      LANG: 'C.UTF-8',
      TMPDIR: home,
      SLUICE_DATA_DIR: join(home, 'data'),
      SLUICE_CACHE_DIR: join(home, 'cache'),
      NODE_COMPILE_CACHE: compileCache,
    },
    plant: (name, bytes) => plantAt(join(dir, name), bytes),
    plantLink(name, target) {
      symlinkSync(target, join(dir, name))
      planted.set(join(dir, name), `link to ${target}`)
    },
    litter(name, bytes) {
      writeFileSync(join(dir, name), bytes)
      litter.add(join(dir, name))
    },
    fresh: () =>
      listed()
        .filter((path) => inside(path) && !planted.has(path) && !litter.has(path))
        .map((path) => path.slice(dir.length + 1)),
    damage,
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function readOrNull(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? `link to ${readlinkSync(path)}` : readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
