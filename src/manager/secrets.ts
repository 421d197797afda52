import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'

/** Keeps values unreadable in the database: AES-256-GCM. */
export interface Secrets {
  /** `context` says where the value belongs (kind and id); it is needed to open it again. */
  seal(context: string, value: unknown): Uint8Array
  /** A `usage` error when the key is another one, or the bytes were changed or belong elsewhere. */
  open(context: string, sealed: Uint8Array): unknown
}

const version = 1
const nonceBytes = 12
const tagBytes = 16
const keyBytes = 32

/**
 * The key comes from SLUICE_KEY (64 hex digits or base64 of 32 bytes), else from `credentials.key` in the data folder,
 * which is made at the first time. `warn` hears when that file was open to others, which is put right.
 */
export async function openSecrets(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void = () => undefined,
): Promise<Secrets> {
  const given = env['SLUICE_KEY']
  const key =
    given === undefined || given === '' ? await keyOfFile(join(dataDir, 'credentials.key'), warn) : readKey(given)
  if (key === undefined)
    throw new SluiceError('usage', 'SLUICE_KEY is not a key.', {
      hint: 'Give 64 hex digits or 32 bytes in base64, for example from: openssl rand -hex 32',
    })
  return {
    seal: (context, value) => seal(key, context, value),
    open: (context, sealed) => unseal(key, context, sealed),
  }
}

function seal(key: Uint8Array, context: string, value: unknown): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(context))
  const body = [cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]
  return new Uint8Array(Buffer.concat([Uint8Array.of(version), nonce, ...body, cipher.getAuthTag()]))
}

function unseal(key: Uint8Array, context: string, sealed: Uint8Array): unknown {
  try {
    const end = sealed.length - tagBytes
    if (sealed[0] !== version || end < 1 + nonceBytes) throw new Error('not sealed by this version')
    const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes })
    cipher.setAAD(boundTo(context)).setAuthTag(sealed.subarray(end))
    const text = Buffer.concat([cipher.update(sealed.subarray(1 + nonceBytes, end)), cipher.final()]).toString('utf8')
    return JSON.parse(text)
  } catch (error) {
    throw new SluiceError('usage', 'Stored credentials cannot be read: the key is another one, or they are damaged.', {
      hint: 'Bring back credentials.key of the data folder (or SLUICE_KEY) as it was, or add the download again.',
      cause: error,
    })
  }
}

function boundTo(context: string): Uint8Array {
  return Buffer.from(`${version}:${context}`, 'utf8')
}

async function keyOfFile(path: string, warn: (message: string) => void): Promise<Uint8Array> {
  const made = await tryOpen(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 'EEXIST')
  if (made !== undefined) return withFile(path, made, writeKey)
  const file = await tryOpen(path, constants.O_RDONLY)
  if (file === undefined) throw cannotOpen(path, undefined)
  return withFile(path, file, async () => {
    const { mode } = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      await file.chmod(0o600)
      warn(`${path} could be read by other users of this machine; it was closed to them.`)
    }
    const key = readKey(await file.readFile('utf8'))
    if (key !== undefined) return key
    throw new SluiceError('usage', `${path} does not hold a key.`, {
      hint: 'Bring back the file as it was; removing it makes a new key, and stored credentials are lost.',
    })
  })
}

async function writeKey(file: FileHandle): Promise<Uint8Array> {
  const key = randomBytes(keyBytes)
  await file.writeFile(`${key.toString('hex')}\n`)
  await file.sync()
  return key
}

async function tryOpen(path: string, flags: number, mayBe?: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags, 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === mayBe) return undefined
    throw cannotOpen(path, error)
  }
}

async function withFile<T>(path: string, file: FileHandle, work: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await work(file)
  } catch (error) {
    throw error instanceof SluiceError ? error : cannotOpen(path, error)
  } finally {
    await file.close()
  }
}

function cannotOpen(path: string, cause: unknown): SluiceError {
  return new SluiceError('disk-permission', `${path} cannot be made or read.`, {
    hint: 'Check who owns the data folder, or choose another one with --data-dir.',
    cause,
  })
}

function readKey(text: string): Uint8Array | undefined {
  const plain = text.trim()
  if (/^[0-9a-f]{64}$/i.test(plain)) return Buffer.from(plain, 'hex')
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(plain) ? Buffer.from(plain, 'base64') : undefined
  return bytes?.length === keyBytes ? bytes : undefined
}
