import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Client } from '../client/client.ts'
import type { AddRequest } from '../server/api-types.ts'
import { readBatch } from '../core/batch-text.ts'
import type { BatchItem } from '../core/batch-text.ts'
import { SluiceError } from '../core/errors.ts'
import { knownCode } from './act.ts'
import type { SharedFields } from './add-requests.ts'
import type { AddResults } from './add-results.ts'
import { encodingOf } from './lines.ts'
import { clean } from './print/clean.ts'

const mostBytes = 64 * 1024 * 1024

/** Adds all of a list in one request. What a line says counts before the flags; wrong lines leave the others alone. */
export async function addList(
  daemon: Client,
  input: string,
  stdin: () => Readable,
  fields: SharedFields,
  results: AddResults,
): Promise<void> {
  const { items, errors } = readBatch(await listText(input, stdin))
  const result = items.length === 0 ? undefined : await daemon.addMany(items.map((item) => request(item, fields)))
  const lineOf = (place: number): number => items[place - 1]?.line ?? place
  for (const id of result?.added ?? []) results.added(undefined, { id })
  for (const { id } of result?.skipped ?? []) results.added(undefined, { id, skipped: true })
  const refused = (result?.errors ?? []).map((error) => ({ ...error, line: lineOf(error.line) }))
  for (const { line, code, message } of [...errors, ...refused].sort((a, b) => a.line - b.line))
    results.failed(`Line ${line} of the list`, new SluiceError(knownCode(code), message, { hint: '' }))
}

function request({ line: _line, ...item }: BatchItem, fields: SharedFields): AddRequest {
  return { ...fields, ...item }
}

async function listText(input: string, stdin: () => Readable): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of input === '-' ? stdin() : createReadStream(input)) {
      if (!(chunk instanceof Uint8Array)) continue
      chunks.push(chunk)
      size += chunk.length
      if (size > mostBytes) throw new SluiceError('too-large', 'The list is larger than 64 MiB.')
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    const name = input === '-' ? 'on standard input' : clean(input)
    throw new SluiceError('usage', `The list ${name} cannot be read (${code}).`, {
      hint: 'Check the path.',
      cause: error,
    })
  }
  const bytes = Buffer.concat(chunks)
  return new TextDecoder(encodingOf(bytes)).decode(bytes)
}
