import { basename, dirname, join, resolve } from 'node:path'
import { isOllamaModel } from '../core/artifact-files.ts'
import { SluiceError } from '../core/errors.ts'
import { sessionName } from '../core/model-name.ts'
import { openOllamaStore } from '../deliver/ollama-store.ts'
import type { ModelPlan } from '../sources/types.ts'
import type { Delivery } from './delivery.ts'
import { filesDelivery } from './files-delivery.ts'
import { layoutDelivery } from './layout-delivery.ts'
import { storeDelivery } from './store-delivery.ts'
import type { PullRequest, PullTarget } from './types.ts'
import { zipDelivery } from './zip-delivery.ts'

/** What becomes of this model: what was asked for, else what its kind asks for. `usage` where both do not fit. */
export function targetFor(request: PullRequest, plan: ModelPlan): PullTarget {
  if (request.target) return request.target
  if (isOllamaModel(plan.manifest)) return { kind: 'store', dir: resolve(request.modelsDir) }
  if (request.onlyModels === true)
    throw new SluiceError('usage', `${request.model} is no model of ollama, so it cannot go to a models folder.`, {
      hint: 'Give --files DIR instead of --models-dir: it becomes files there.',
    })
  return { kind: 'files', dir: resolve(request.filesDir) }
}

export function chooseDelivery(
  request: PullRequest,
  plan: ModelPlan,
  target: PullTarget,
  onWarning: (message: string) => void,
): { readonly delivery: Delivery; readonly staging: string } {
  const staging = stagingOf(request, target)
  const ifExists = request.ifExists ?? 'rename'
  const keep = request.keepStaging ?? false
  switch (target.kind) {
    case 'store': {
      const store = openOllamaStore(target.dir, { onWarning })
      return { delivery: storeDelivery(plan, store, keep ? staging : null, onWarning), staging }
    }
    case 'zip':
      return { delivery: zipDelivery(plan, { path: target.path, staging, keep, ifExists }), staging }
    case 'files':
      refuseStaging(keep)
      return { delivery: filesDelivery(plan, { dir: target.dir, staging, ifExists, onWarning }), staging }
    case 'layout':
      refuseStaging(keep)
      return { delivery: layoutDelivery(plan, { dir: target.dir, staging }), staging }
  }
}

/** The folder for what is on its way; the same for the same request. */
export function stagingOf(request: PullRequest, target: PullTarget): string {
  const name = `${sessionName(request.model)}.staging`
  switch (target.kind) {
    case 'store':
      return join(target.dir, '.sluice', name)
    case 'zip':
      return join(dirname(target.path), `${basename(target.path, '.zip')}.staging`)
    case 'files':
      return join(target.dir, name)
    case 'layout':
      return `${target.dir}.staging`
  }
}

function refuseStaging(keep: boolean): void {
  if (keep)
    throw new SluiceError('usage', 'A staging folder can be kept of a zip file or an installation only.', {
      hint: 'Leave --keep-staging out.',
    })
}
