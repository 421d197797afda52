import type { Manager } from '../../manager/types.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { added } from '../schemas/download.ts'
import {
  formToLlama,
  freedBytes,
  llamaCache,
  llamaChecks,
  llamaHardware,
  llamaInput,
  llamaLoaded,
  llamaPruned,
  llamaReleases,
  llamaReleasesQuery,
  llamaSelection,
  llamaSelectionQuery,
  loadInput,
  pruneInput,
} from '../schemas/llama.ts'

const tag = 'llama.cpp'

/** Libraries of llama.cpp: those of its releases, and those of this machine. */
export function llamaRoutes(manager: Manager): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/llama/releases',
      tag,
      summary: 'The newest builds, and what latest and nightly mean now',
      query: llamaReleasesQuery,
      answer: { status: 200, schema: llamaReleases },
      handle: ({ query, context }) => manager.llamaReleases(query, context.req.raw.signal),
    }),
    route({
      method: 'post',
      path: '/api/llama/download',
      tag,
      summary: 'Download libraries: one download with a file for each build',
      description:
        'As JSON or as a form; without a body the latest build for the machine of the daemon. It is listed, paused, resumed and limited like any other download.',
      body: { schema: llamaInput, form: formToLlama, empty: {} },
      answer: { status: 201, schema: added },
      handle: ({ body }) => manager.add(body),
    }),
    route({
      method: 'get',
      path: '/api/llama/cache',
      tag,
      summary: 'The libraries that are on this machine',
      answer: { status: 200, schema: llamaCache },
      handle: () => manager.llamaCache(),
    }),
    route({
      method: 'delete',
      path: '/api/llama/cache',
      tag,
      summary: 'Remove libraries: those of a version, a platform, a variant, or all',
      query: llamaSelectionQuery,
      answer: { status: 200, schema: freedBytes },
      handle: ({ query }) => manager.cleanLlama(query),
    }),
    route({
      method: 'post',
      path: '/api/llama/verify',
      tag,
      summary: 'Read all files of libraries and compare them with what was installed',
      body: { schema: llamaSelection, form: (fields) => Object.fromEntries(fields) },
      answer: { status: 200, schema: llamaChecks },
      handle: ({ body, context }) => manager.verifyLlama(body, context.req.raw.signal),
    }),
    route({
      method: 'post',
      path: '/api/llama/prune',
      tag,
      summary: 'Remove all but the newest versions',
      body: { schema: pruneInput },
      answer: { status: 200, schema: llamaPruned },
      handle: ({ body: { keep } }) => manager.pruneLlama(keep),
    }),
    route({
      method: 'get',
      path: '/api/llama/hardware',
      tag,
      summary: 'What this machine has, and in which order it would be used',
      answer: { status: 200, schema: llamaHardware },
      handle: () => manager.llamaHardware(),
    }),
    route({
      method: 'post',
      path: '/api/llama/load',
      tag,
      summary: 'Load libraries of the cache in a process of their own, and tell what they say of themselves',
      body: { schema: loadInput, form: (fields) => Object.fromEntries(fields) },
      answer: { status: 200, schema: llamaLoaded },
      handle: ({ body, context }) => manager.loadLlama(body, context.req.raw.signal),
    }),
  ]
}
