import type { AddRequest, PullInput } from '../../src/server/api-types.ts'

type Options = Omit<AddRequest, 'reference'>

/** Of the options those that a link takes. */
export function fileRequest({ model: _model, llama: _llama, ...options }: Options): Options {
  return options
}

/** Of the options those that a model takes: no header of the user ever reaches a registry. */
export function modelRequest(options: Options): Options & { readonly kind: 'model' } {
  const { checksum: _c, headers: _h, mirrors: _m, userAgent: _u, referer: _r, llama: _l, ...rest } = options
  return { ...rest, kind: 'model' }
}

/** Of the options those that libraries of llama.cpp take, which have a folder and names of their own. */
export function llamaRequest(options: Options): Options & { readonly kind: 'llama' } {
  const { model: _model, dir: _dir, filename: _name, ifExists: _ifExists, ...rest } = options
  const { checksum: _c, headers: _h, mirrors: _m, userAgent: _u, referer: _r, ...own } = rest
  return { ...own, kind: 'llama' }
}

/** What to ask the daemon about a model while someone types: only what changes the answer. */
export function pullQuestion(reference: string, { model = {}, dir, filename }: Options): PullInput {
  return {
    model: reference,
    ...model,
    ...(dir === undefined ? {} : { dir }),
    ...(model.target === 'zip' && filename !== undefined ? { zip: filename } : {}),
  }
}

/** The same about libraries. */
export function llamaQuestion(reference: string, { llama }: Options): AddRequest {
  return { reference, kind: 'llama', ...(llama === undefined ? {} : { llama }) }
}
