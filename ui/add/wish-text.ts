import type { LlamaHardware } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { languageState } from '../i18n/language.ts'

type Wish = LlamaHardware['plan'][number]

const reasons: { readonly [B in Wish['backend']]?: Key } = {
  cpu: 'libraries.why-cpu',
  cuda: 'libraries.why-cuda',
  metal: 'libraries.why-metal',
  rocm: 'libraries.why-rocm',
  vulkan: 'libraries.why-vulkan',
}

/** Why a backend is in the plan, in one sentence. The daemon's own, which says more, is English. */
export function wishText({ backend, why }: Wish): string {
  return languageState().language === 'en' ? why : t(reasons[backend] ?? 'libraries.why-other')
}
