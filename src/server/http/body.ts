import { SluiceError } from '../../core/errors.ts'
import type { ServerContext } from './environment.ts'

export const smallBody = 1024 * 1024
export const largeBody = 32 * 1024 * 1024

/** The essence of the Content-Type in lower case, '' where there is none. */
export function mediaType(context: ServerContext): string {
  return (context.req.header('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** The whole body; a `too-large` error beyond `limit` bytes, whether they were announced or just come. */
async function readBytes(context: ServerContext, limit: number): Promise<Uint8Array> {
  const coding = context.req.header('Content-Encoding')?.trim().toLowerCase() ?? ''
  if (coding !== '' && coding !== 'identity')
    throw new SluiceError('usage', 'The body is compressed, and none is taken here.', { hint: 'Send it as it is.' })
  const announced = context.req.header('Content-Length')
  if (announced !== undefined && Number(announced) > limit) throw tooLarge(limit)
  // Node ends a body at the length that was announced.
  if (announced !== undefined && context.env.incoming !== undefined)
    return new Uint8Array(await context.req.raw.arrayBuffer())
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of context.req.raw.body ?? []) {
    length += chunk.byteLength
    if (length > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export async function readText(context: ServerContext, limit: number): Promise<string> {
  const bytes = await readBytes(context, limit)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new SluiceError('usage', 'The body is not text in UTF-8.', { hint: 'Send it as UTF-8.', cause })
  }
}

/** `empty` is given where there is nothing to read; without it that is an error. */
export async function readJson(context: ServerContext, limit: number, empty?: object): Promise<unknown> {
  const text = await readText(context, limit)
  if (text === '' && empty !== undefined) return empty
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new SluiceError('usage', text.trim() === '' ? 'The body is empty.' : 'The body is not valid JSON.', {
      hint: 'Send a JSON object with Content-Type: application/json.',
      cause,
    })
  }
}

/** Fields of a form in either encoding, in their order. */
export async function readForm(context: ServerContext, limit: number): Promise<ReadonlyArray<[string, string]>> {
  if (mediaType(context) === 'application/x-www-form-urlencoded')
    return [...new URLSearchParams(await readText(context, limit))]
  const type = context.req.header('Content-Type') ?? ''
  const bytes = await readBytes(context, limit)
  let form: FormData
  try {
    form = await new Response(Buffer.from(bytes), { headers: { 'Content-Type': type } }).formData()
  } catch (cause) {
    throw new SluiceError('usage', 'The form cannot be read.', { hint: 'Check its boundary and fields.', cause })
  }
  return [...form].map(([name, value]) => {
    if (typeof value === 'string') return [name, value]
    throw new SluiceError('usage', 'The form carries a file, and none is taken here.', { hint: 'Send text fields.' })
  })
}

function tooLarge(limit: number): SluiceError {
  return new SluiceError('too-large', `The body is larger than ${limit / 1024 / 1024} MiB.`)
}
