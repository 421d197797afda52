import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import { showTarget } from '../../core/llama-target.ts'
import { formatBytes } from '../../core/units.ts'
import { openLibraryCache } from '../../libraries/cache/open-library-cache.ts'
import { knownBuild } from '../../libraries/known-build.ts'
import { openPointerMemory } from '../../libraries/pointer-memory.ts'
import type { LibraryCache, TreeCheck } from '../../libraries/types.ts'
import type { CommandContext } from '../command.ts'
import { watchInterrupts } from '../interrupt.ts'
import { libraryFolder } from '../library-folder.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'
import { libraryColumns } from '../print/library-table.ts'
import { tableLines } from '../print/table.ts'

type LlamaSettings = Settings<LlamaOption>

/** `sluice llama list` */
export async function runList(
  settings: LlamaSettings,
  operands: readonly string[],
  context: CommandContext,
): Promise<number> {
  noOperands(operands)
  const { out, err } = context.screen
  const cache = openCache(settings, context)
  const trees = await cache.list()
  if (settings.flag('json')) for (const tree of trees) out.line(cleanJson({ type: 'library', ...tree }))
  else if (trees.length > 0) for (const line of tableLines(libraryColumns, trees, context.columns())) out.line(line)
  if (trees.length === 0 && !settings.flag('quiet')) err.line(`No libraries in ${clean(cache.dir)}.`)
  return 0
}

/** `sluice llama verify [VERSION]`: 5 when something is changed, missing or added. */
export async function runVerify(
  settings: LlamaSettings,
  operands: readonly string[],
  context: CommandContext,
): Promise<number> {
  const [version, ...more] = operands
  noOperands(more)
  const { out, err } = context.screen
  const cache = openCache(settings, context)
  const tag = await tagOf(settings, cache, version)
  const isWanted = (tree: TreeCheck['tree']): boolean => tag === undefined || tree.tag === tag
  const trees = (await cache.list()).filter(isWanted)
  const lost = (await cache.lost()).filter(({ tree }) => isWanted(tree))
  if (tag !== undefined && trees.length + lost.length === 0)
    throw new SluiceError('not-found', `${tag} is not in the cache.`, { hint: 'See sluice llama list.' })
  const interrupts = watchInterrupts(() => undefined)
  let damaged = 0
  const tell = (check: TreeCheck): void => {
    if (check.verdict === 'damaged') damaged++
    if (settings.flag('json')) out.line(cleanJson({ type: 'check', ...check }))
    else for (const line of checkLines(check)) out.line(line)
  }
  try {
    for (const tree of trees) tell(await cache.check(tree, interrupts.signal))
    for (const check of lost) tell(check)
  } catch (error) {
    if (!interrupts.signal.aborted) throw error
    throw new SluiceError('interrupted', 'Interrupted: the check is not complete.', { cause: error, hint: '' })
  } finally {
    interrupts.stop()
  }
  if (trees.length + lost.length === 0 && !settings.flag('quiet')) err.line(`No libraries in ${clean(cache.dir)}.`)
  if (damaged === 0) return 0
  const sum = `${damaged} damaged: download them again with --force.`
  // It ends the report; JSON is for programs, so there people are told beside it.
  if (!settings.flag('quiet')) (settings.flag('json') ? err : out).line(sum)
  return 5
}

function checkLines({ tree, verdict, changed, missing, unexpected }: TreeCheck): string[] {
  const told = (paths: readonly string[], what: string): string[] => paths.map((path) => `  ${what}: ${clean(path)}`)
  return [
    `${clean(tree.tag)} ${showTarget(tree.platform)} ${clean(tree.variant)}: ${verdict}`,
    ...told(changed, 'changed'),
    ...told(missing, 'missing'),
    ...told(unexpected, 'unexpected'),
  ]
}

/** `sluice llama prune --keep N` */
export async function runPrune(
  settings: LlamaSettings,
  operands: readonly string[],
  context: CommandContext,
): Promise<number> {
  noOperands(operands)
  const { out } = context.screen
  const keep = settings.number('keep')
  if (keep === undefined)
    throw new SluiceError('usage', '--keep is missing: how many versions of each platform and variant stay?', {
      hint: 'sluice llama prune --keep 2',
    })
  const { removed, bytes } = await openCache(settings, context).prune(keep)
  if (settings.flag('json')) {
    out.line(cleanJson({ type: 'pruned', removed, bytes }))
    return 0
  }
  for (const { tag, platform, variant } of removed)
    out.line(`${clean(tag)} ${showTarget(platform)} ${clean(variant)}: removed`)
  out.line(`${removed.length} removed, ${sizeOf(bytes)} freed`)
  return 0
}

/** `sluice llama clean-cache [--version V]` */
export async function runClean(
  settings: LlamaSettings,
  operands: readonly string[],
  context: CommandContext,
): Promise<number> {
  noOperands(operands)
  const { out } = context.screen
  const cache = openCache(settings, context)
  const tag = await tagOf(settings, cache, settings.text('version'))
  const bytes = await cache.clean(tag)
  if (settings.flag('json')) out.line(cleanJson({ type: 'cleaned', tag: tag ?? null, bytes, dir: cache.dir }))
  else if (tag !== undefined && bytes === 0) out.line(`${tag} is not in ${clean(cache.dir)}: nothing to remove`)
  else
    out.line(`${tag === undefined ? 'Cache cleaned' : `${tag} removed`}: ${sizeOf(bytes)} freed in ${clean(cache.dir)}`)
  return 0
}

function openCache(settings: LlamaSettings, { screen: { err }, env }: CommandContext): LibraryCache {
  const onWarning = (message: string): void => err.line(`Warning: ${clean(message)}`)
  return openLibraryCache(libraryFolder(settings, env), { onWarning })
}

/** What is in the cache goes by its build; undefined for all of them. */
async function tagOf(
  settings: LlamaSettings,
  { dir }: LibraryCache,
  version: string | undefined,
): Promise<string | undefined> {
  return version === undefined ? undefined : knownBuild(openPointerMemory(dir), version, settings.text('repo'))
}

function sizeOf(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (${bytes} bytes)`
}
