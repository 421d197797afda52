import { basename, dirname, isAbsolute, join } from 'node:path'
import type { Readable } from 'node:stream'
import { inHome } from '../config/paths.ts'
import type { Settings } from '../config/resolve.ts'
import { parseChecksum } from '../core/digest.ts'
import { SluiceError } from '../core/errors.ts'
import type { FileRequest } from '../transfer/types.ts'
import { readInputList } from './input-list.ts'
import type { ListEntry } from './input-list.ts'
import { clean } from './print/clean.ts'

/** A file to fetch, or why a reference cannot be one. */
export interface Wanted {
  readonly reference: string
  readonly request: FileRequest | SluiceError
}

/** Refuses combinations of flags and references that mean nothing, as `usage` errors. */
export function checkReferences(settings: Settings, references: readonly string[]): void {
  const fromList = settings.text('input') !== undefined
  if (references.length === 0 && !fromList) {
    throw new SluiceError('usage', 'There is nothing to download: no reference was given.', {
      hint: 'Write sluice get https://..., or give a list with -i FILE. See sluice get --help.',
    })
  }
  if (references.includes('')) throw new SluiceError('usage', 'A reference is empty.')
  const single = references.length === 1 && !fromList
  for (const name of ['output', 'sha256', 'checksum', 'mirror'] as const) {
    if (single || settings.list(name).length === 0) continue
    throw new SluiceError('usage', `--${name} belongs to a single reference, not to several.`, {
      hint: 'In a list, give each reference its own lines: out=NAME, checksum=ALGO=HEX, further addresses after tabs.',
    })
  }
  if (settings.flag('ipv4') && settings.flag('ipv6')) throw new SluiceError('usage', '-4 and -6 exclude each other.')
  checkOutput(settings.text('output'))
}

function checkOutput(output: string | undefined): void {
  if (output === '-') {
    throw new SluiceError('usage', 'Sluice writes files, not to stdout: every file is checked before it appears.')
  }
  if (output !== undefined && (/[/\\]$/.test(output) || ['.', '..'].includes(basename(output)))) {
    throw new SluiceError('usage', '--output must be the name of a file.', { hint: 'Give the folder with --dir.' })
  }
}

/**
 * All files of a run in order: the references of the command line, then those of the list, read as they are needed.
 * Aborting the signal ends the list.
 */
export async function* wantedFiles(
  settings: Settings,
  references: readonly string[],
  stdin: () => Readable,
  signal: AbortSignal,
): AsyncGenerator<Wanted> {
  const dir = settings.text('dir') ?? '.'
  const digests = [...settings.list('sha256'), ...settings.list('checksum')].map(parseChecksum)
  const mirrors = settings.list('mirror')
  for (const reference of references) {
    yield { reference, request: fileRequest({ reference, dir, out: settings.text('output'), digests, mirrors }) }
  }
  const input = settings.text('input')
  if (input === undefined) return
  const [{ createReadStream }, { addAbortSignal }] = await Promise.all([import('node:fs'), import('node:stream')])
  const chunks = addAbortSignal(signal, input === '-' ? stdin() : createReadStream(input))
  for await (const entry of readInputList(listChunks(chunks, input, signal))) yield listed(entry, dir)
}

function listed(entry: ListEntry, dir: string): Wanted {
  const { reference, mirrors, digests, out, error } = entry
  const folder = entry.dir === undefined ? dir : inHome(entry.dir, process.env)
  return { reference, request: error ?? fileRequest({ reference, dir: folder, out, digests, mirrors }) }
}

/** Folders in the name become part of the folder, so that the name itself is only a name. */
function fileRequest(wanted: Omit<FileRequest, 'output'> & { readonly out: string | undefined }): FileRequest {
  const { out, ...request } = wanted
  if (out === undefined) return request
  const folder = dirname(out)
  return { ...request, output: basename(out), dir: isAbsolute(out) ? folder : join(request.dir, folder) }
}

async function* listChunks(stream: Readable, input: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      if (chunk instanceof Uint8Array) yield chunk
    }
  } catch (error) {
    if (signal.aborted) return
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    const name = input === '-' ? 'on standard input' : clean(input)
    throw new SluiceError('usage', `The list ${name} cannot be read (${code}).`, {
      hint: 'Check the path.',
      cause: error,
    })
  }
}
