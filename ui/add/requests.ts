import type { AddRequest, PullInput } from '../../src/server/api-types.ts'

type Options = Omit<AddRequest, 'reference'>

/** Of the options those that a link takes. */
export function fileRequest({ model: _m, llama: _l, asset: _a, platform: _p, ...options }: Options): Options {
  return options
}

/** Of the options those that a model takes: no header of the user ever reaches a registry. */
export function modelRequest(options: Options): Options & { readonly kind: 'model' } {
  const { llama: _l, asset: _a, platform: _p, ...rest } = withoutRequestFields(options)
  const { checksum: _c, ...own } = rest
  return { ...own, kind: 'model' }
}

/** Of the options those that libraries of llama.cpp take, which have a folder and names of their own. */
export function llamaRequest(options: Options): Options & { readonly kind: 'llama' } {
  const { model: _m, asset: _a, platform: _p, ...rest } = withoutRequestFields(options)
  const { dir: _d, filename: _f, ifExists: _i, checksum: _c, ...own } = rest
  return { ...own, kind: 'llama' }
}

/** Of the options those that a file of a release takes: no header of the user ever reaches GitHub. */
export function releaseRequest(options: Options): Options & { readonly kind: 'release' } {
  const { model: _m, llama: _l, ...own } = withoutRequestFields(options)
  return { ...own, kind: 'release' }
}

function withoutRequestFields(options: Options): Omit<Options, 'headers' | 'mirrors' | 'userAgent' | 'referer'> {
  const { headers: _h, mirrors: _m, userAgent: _u, referer: _r, ...rest } = options
  return rest
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

/** The same about a file of a release. */
export function releaseQuestion(reference: string, { asset, platform, filename, dir }: Options): AddRequest {
  return {
    reference,
    kind: 'release',
    ...(asset === undefined ? {} : { asset }),
    ...(platform === undefined ? {} : { platform }),
    ...(filename === undefined ? {} : { filename }),
    ...(dir === undefined ? {} : { dir }),
  }
}
