import type { LlamaHardware } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'

/** The facts of a machine, short ones first: system, C library, each GPU with what is known of it. */
export function hardwareWords({ platform, facts }: Pick<LlamaHardware, 'platform' | 'facts'>): {
  readonly system: readonly string[]
  readonly gpus: readonly string[]
} {
  const { libc, osVersion, translated, nvidia, amd, intel, vulkan } = facts
  const system = [
    [platform ?? `${facts.platform}/${facts.arch}`, osVersion].filter(Boolean).join(' '),
    libc === null ? '' : [libc.family, libc.version].filter(Boolean).join(' '),
    translated ? t('libraries.translated') : '',
  ]
  const driver = [
    nvidia?.driver ? t('libraries.driver', { value: nvidia.driver }) : '',
    nvidia?.cuda ? t('libraries.cudaUpTo', { value: nvidia.cuda }) : '',
  ]
  const gpus = [
    ...(nvidia?.gpus ?? []).map(({ name, capability, memory }) =>
      joined([
        name,
        capability === null ? '' : t('libraries.capability', { value: capability }),
        memory === null ? '' : t('libraries.memory', { size: bytes(memory) }),
        ...driver,
      ]),
    ),
    ...(amd?.gpus ?? []).map(({ name, gfx }) => joined([name, gfx ?? ''])),
    ...(intel?.gpu === true ? ['Intel'] : []),
    // What its own driver told of is not told twice.
    ...(vulkan?.devices ?? [])
      .filter(({ name }) => ![...(nvidia?.gpus ?? []), ...(amd?.gpus ?? [])].some((gpu) => gpu.name === name))
      .map(({ name }) => joined([name, 'Vulkan'])),
  ]
  return { system: system.filter((one) => one !== ''), gpus }
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(t('libraries.and'))
}
