import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, lstat, mkdir, open, realpath, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { badArchive, showEntry } from '../bad-archive.ts'
import { diskError, errorCode } from '../../core/disk-error.ts'
import { inTurns } from '../in-turns.ts'
import { openOwn, syncFolder } from '../store-files.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
const newFile = O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0)
const folderMode = 0o755
/** Files that are synced at once: a disk takes many in hardly more time than one. */
const syncsAtOnce = 16

export interface WrittenFile {
  readonly size: number
  readonly sha256: string
  readonly crc: number
}

/**
 * Makes files, folders and links in a new folder, each where nothing is, and below folders that it made itself. Paths are
 * relative with `/`, checked by the caller, and no two of them the same. Errors are SluiceErrors: `bad-archive` where this
 * disk takes two paths for the same, else those of the disk.
 */
export interface TreeWriter {
  folder(path: string): Promise<void>
  file(path: string, pieces: AsyncIterable<Uint8Array>, mode: number): Promise<WrittenFile>
  /** Copies a file that it wrote. */
  copy(from: string, path: string): Promise<void>
  /** Makes a link behind which the disk must find that file in the end. */
  link(path: string, target: string, file: string): Promise<void>
  /** Makes sure that each link leads where it must, and puts all of it to the disk. */
  finish(signal?: AbortSignal): Promise<void>
}

/** @param root absolute path of an empty folder of our own */
export function createTreeWriter(root: string): TreeWriter {
  const folders = new Set<string>([''])
  const files: string[] = []
  const links: Array<{ readonly path: string; readonly file: string }> = []

  async function folder(path: string): Promise<void> {
    if (folders.has(path)) return
    await folder(parentOf(path))
    await checkParent(path)
    await make(path, () => mkdir(join(root, path), folderMode))
    folders.add(path)
  }

  /** Makes room for an entry. */
  async function prepare(path: string): Promise<void> {
    await folder(parentOf(path))
    await checkParent(path)
  }

  /** Whether it is still the folder that was made. */
  async function checkParent(path: string): Promise<void> {
    const parent = dirname(join(root, path))
    const isFolder = await lstat(parent).then(
      (info) => info.isDirectory(),
      (error: unknown) => {
        throw diskError(error, parent)
      },
    )
    if (!isFolder) throw badArchive(`Something took the place of a folder while an archive was unpacked: ${parent}`)
  }

  async function make<T>(path: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      if (errorCode(error) === 'EEXIST')
        throw badArchive(`The entry ${showEntry(path)} of the archive is there twice, as this disk sees it.`, error)
      throw diskError(error, join(root, path))
    }
  }

  return {
    folder,
    async file(path, pieces, mode) {
      await prepare(path)
      const handle = await make(path, () => open(join(root, path), newFile, mode))
      files.push(path)
      const hash = createHash('sha256')
      let [size, crc] = [0, 0]
      try {
        for await (const piece of pieces) {
          // Hashed here while the thread pool writes.
          const written = handle.writeFile(piece)
          hash.update(piece)
          crc = crc32(piece, crc)
          size += piece.length
          await written
        }
      } catch (error) {
        throw diskError(error, join(root, path))
      } finally {
        await handle.close()
      }
      return { size, sha256: hash.digest('hex'), crc }
    },
    async copy(from, path) {
      await prepare(path)
      const mode = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE
      await make(path, () => copyFile(join(root, from), join(root, path), mode))
      files.push(path)
    },
    async link(path, target, file) {
      await prepare(path)
      await make(path, () => symlink(target, join(root, path), 'file'))
      links.push({ path, file })
    },
    async finish(signal) {
      const top = await realpath(root)
      for (const { path, file } of links) {
        const found = await make(path, () => realpath(join(root, path)))
        if (found !== join(top, file))
          throw badArchive(`The link ${showEntry(path)} of the archive leads elsewhere than it says.`)
      }
      await inTurns(files, syncsAtOnce, async (path) => {
        signal?.throwIfAborted()
        const handle = await openOwn(join(root, path))
        try {
          await handle.sync()
        } finally {
          await handle.close()
        }
      })
      for (const path of folders) await syncFolder(join(root, path))
    },
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
