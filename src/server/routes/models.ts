import type { Manager } from '../../manager/types.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { added } from '../schemas/download.ts'
import {
  formToPull,
  installedModel,
  modelCheck,
  modelList,
  modelQuery,
  pullInput,
  pullPreview,
  removedModel,
  unzipInput,
  unzippedModels,
} from '../schemas/model.ts'

const tag = 'Models'
const encoded = 'The id is the name, URL-encoded: library%2Fllama3.2:1b.'

/** Models of registries, and those of the store of this machine. */
export function modelRoutes(manager: Manager): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/models/pull',
      tag,
      summary: 'Pull a model: one download with many files',
      description: 'As JSON or as a form. It is listed, paused, resumed and limited like any other download.',
      body: { schema: pullInput, form: formToPull },
      answer: { status: 201, schema: added },
      handle: ({ body }) => manager.add(body),
    }),
    route({
      method: 'post',
      path: '/api/models/preview',
      tag,
      summary: 'What a pull would fetch, and where it would go; nothing is written',
      body: { schema: pullInput, form: formToPull },
      answer: { status: 200, schema: pullPreview },
      handle: ({ body, context }) => manager.previewModel(body, context.req.raw.signal),
    }),
    route({
      method: 'post',
      path: '/api/models/unzip',
      tag,
      summary: "Install a model zip that lies in the daemon's folder",
      body: { schema: unzipInput, form: (fields) => Object.fromEntries(fields) },
      answer: { status: 200, schema: unzippedModels },
      handle: ({ body: { file }, context }) => manager.unzipModel(file, context.req.raw.signal),
    }),
    route({
      method: 'get',
      path: '/api/models',
      tag,
      summary: 'The models of the store',
      query: modelQuery,
      answer: { status: 200, schema: modelList },
      handle: ({ query }) => manager.models(query),
    }),
    route({
      method: 'get',
      path: '/api/models/{id}',
      tag,
      summary: 'One model with its blobs',
      description: encoded,
      answer: { status: 200, schema: installedModel },
      handle: ({ id }) => manager.model(id),
    }),
    route({
      method: 'delete',
      path: '/api/models/{id}',
      tag,
      summary: 'Remove a model and the blobs that no other one uses',
      description: encoded,
      answer: { status: 200, schema: removedModel },
      handle: ({ id }) => manager.removeModel(id),
    }),
    route({
      method: 'post',
      path: '/api/models/{id}/verify',
      tag,
      summary: 'Read all its blobs and compare their digests',
      description: encoded,
      answer: { status: 200, schema: modelCheck },
      handle: ({ id, context }) => manager.verifyModel(id, context.req.raw.signal),
    }),
  ]
}
