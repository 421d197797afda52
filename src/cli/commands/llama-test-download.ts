import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { asSluiceError } from '../../core/errors.ts'
import type { SluiceError } from '../../core/errors.ts'
import { formatBytes } from '../../core/units.ts'
import { expectedDigest } from '../../libraries/fetch-archive.ts'
import { planDownload } from '../../libraries/plan-download.ts'
import type { PlannedBuild } from '../../libraries/plan-types.ts'
import type { CommandContext } from '../command.ts'
import { watchInterrupts } from '../interrupt.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'
import { downloadRequest } from './llama-requests.ts'
import { withLibraries } from './llama-world.ts'

/** `sluice llama test-download`: what `download` would fetch. The exit code is that of the first platform without a file. */
export async function runTestDownload(
  settings: Settings<LlamaOption>,
  operands: readonly string[],
  context: CommandContext,
): Promise<number> {
  noOperands(operands)
  const request = downloadRequest(settings)
  const { out, err } = context.screen
  const interrupts = watchInterrupts(() => undefined)
  try {
    const { signal } = interrupts
    const plan = await withLibraries(settings, context, (world, onWarning) =>
      planDownload(world, request, { ask: true, signal, onWarning }),
    )
    const { strict } = request
    const failures = plan.builds.flatMap((build) => problemOf(build, strict) ?? [])
    if (settings.flag('json')) for (const build of plan.builds) out.line(cleanJson(fields(plan.tag, build, strict)))
    else {
      if (plan.tag !== null) out.line(`Release: ${clean(plan.tag)}`)
      for (const sentence of plan.why) out.line(`  ${clean(sentence)}`)
      for (const build of plan.builds) for (const line of lines(build)) out.line(line)
      if (failures.length === 0) out.line('Download test completed successfully')
    }
    if (failures.length > 0 && plan.builds.length === 1 && failures[0] !== undefined) throw failures[0]
    if (failures.length > 0) err.line(`${failures.length} of ${plan.builds.length} cannot be downloaded.`)
    return failures[0]?.exitCode ?? 0
  } finally {
    interrupts.stop()
  }
}

/** Why `download` would fail, as far as that is known before it. */
function problemOf({ source }: PlannedBuild, strict = false): SluiceError | null {
  if (source.kind === 'failed') return source.error
  if (source.kind === 'cached') return null
  const { main, companion } = source.choice
  try {
    for (const asset of companion === null ? [main] : [main, companion]) expectedDigest({ asset, strict })
    return null
  } catch (error) {
    return asSluiceError(error)
  }
}

function lines({ platform, source }: PlannedBuild): string[] {
  if (source.kind === 'failed') return [`Platform: ${clean(platform)}`, `  FAILED - ${clean(source.error.message)}`]
  if (source.kind === 'cached')
    return [`Platform: ${clean(platform)}`, `  in the cache: ${clean(source.trees[0].folder)}`]
  const { main, companion, variant, why } = source.choice
  const file = [main, ...(companion === null ? [] : [companion])].flatMap(({ name, size, sha256, badDigest, url }) => [
    ['Asset', name],
    ['Size', size === 0 ? 'unknown' : formatBytes(size)],
    ['URL', url],
    [
      'SHA256',
      sha256 ?? (badDigest === undefined ? 'not told by the release' : `"${badDigest}" is none: it will be refused`),
    ],
  ])
  const rows = [['Variant', variant], ...file, ...why.map((sentence) => ['Why', sentence])]
  return [
    `Platform: ${clean(platform)}`,
    ...rows.map(([label = '', text = '']) => `  ${`${label}:`.padEnd(9)}${clean(text)}`),
  ]
}

function fields(tag: string | null, build: PlannedBuild, strict?: boolean): object {
  const { platform, source } = build
  const problem = problemOf(build, strict)
  const error = problem === null ? null : { code: problem.code, message: problem.message, hint: problem.hint }
  if (source.kind === 'failed') return { type: 'platform', tag, platform, error }
  if (source.kind === 'cached') return { type: 'platform', tag, platform, error, folder: source.trees[0].folder }
  const { main, companion, variant, why, fallbacks, rejected } = source.choice
  const others = fallbacks.map((candidate) => ({ variant: candidate.variant, asset: candidate.main.name }))
  return {
    type: 'platform',
    tag,
    platform,
    error,
    variant,
    asset: main,
    companion,
    why,
    fallbacks: others,
    rejected,
  }
}
