import { join, resolve } from 'node:path'
import type { ReleaseOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { asSluiceError, SluiceError } from '../../core/errors.ts'
import { safeFileName } from '../../core/file-name.ts'
import { parseAssetTarget } from '../../core/llama-target.ts'
import { readNamePattern } from '../../core/name-pattern.ts'
import type { Release } from '../../core/release.ts'
import { parseReleaseReference } from '../../core/release-reference.ts'
import { chooseAsset, digestOf, findRelease } from '../../libraries/find-asset.ts'
import type { AssetQuestion, ChosenAsset, KnownDigest } from '../../libraries/find-asset.ts'
import { matchInTime } from '../../libraries/match-in-time.ts'
import { openReleases } from '../../libraries/open-libraries.ts'
import { createEngine } from '../../transfer/engine.ts'
import type { FileRequest, Finished, IfExists } from '../../transfer/types.ts'
import type { CommandContext } from '../command.ts'
import { engineOptions } from '../engine-options.ts'
import { watchInterrupts } from '../interrupt.ts'
import { choosePrinters } from '../print/choose.ts'
import { clean, cleanJson } from '../print/clean.ts'
import { printAssets, printChoice } from '../print/release-assets.ts'
import { interruptedLine } from '../print/words.ts'
import { createReporter } from '../reporter.ts'
import { createRunState } from '../run-state.ts'
import { githubEnvironment } from './llama-world.ts'
import { printUnpacked } from './release-unpack.ts'

type ReleaseSettings = Settings<ReleaseOption>

interface Found extends ChosenAsset {
  readonly release: Release
  readonly digest: KnownDigest
}

/** `sluice release`: the file of a release for this machine, checked. An ambiguous choice is listed, and its exit code is 9. */
export async function runRelease(settings: ReleaseSettings, given: string, context: CommandContext): Promise<number> {
  const reference = parseReleaseReference(given)
  const platform = settings.text('platform')
  const question = {
    target: platform === undefined ? undefined : parseAssetTarget(platform),
    pattern: settings.text('asset'),
  }
  if (settings.flag('ipv4') && settings.flag('ipv6')) throw new SluiceError('usage', '-4 and -6 exclude each other.')
  const { screen, paths, env } = context
  const connection = engineOptions(settings, paths.data)
  const onWarning = (message: string): void => {
    if (!settings.flag('quiet')) screen.err.line(`Warning: ${clean(message)}`)
  }
  const cacheDir = join(paths.cache, 'github')
  const { github, api } = openReleases({ connection, env: githubEnvironment(settings, env), onWarning, cacheDir })
  const interrupts = watchInterrupts(() => undefined)
  const { signal } = interrupts
  try {
    const release = await findRelease(github, reference, signal)
    if (settings.flag('list')) return listFiles(settings, context, release, question)
    const chosen = chooseAsset(release, question)
    if ('candidates' in chosen) {
      printAssets(settings, screen, release, chosen.candidates)
      throw chosen.error
    }
    const digest = await digestOf(github, release, chosen.asset, signal)
    const found: Found = { ...chosen, release, digest }
    if (settings.flag('dry-run')) {
      printChoice(settings, screen, found)
      return 0
    }
    if (settings.flag('verbose')) for (const sentence of found.why) screen.err.line(clean(sentence))
    return await fetchFound(settings, context, found, signal)
  } finally {
    interrupts.stop()
    api.close()
  }
}

/** With a pattern those that match it; which one would be fetched is said beside. */
function listFiles(
  settings: ReleaseSettings,
  { screen }: CommandContext,
  release: Release,
  question: AssetQuestion,
): number {
  const { pattern } = question
  const isMeant = pattern === undefined ? () => true : readNamePattern(pattern)
  const files = matchInTime(pattern, () => release.assets.filter(({ name }) => name === pattern || isMeant(name)))
  printAssets(settings, screen, release, files)
  if (settings.flag('quiet') || settings.flag('json')) return 0
  screen.err.line(clean(choiceLine(release, question)))
  return 0
}

function choiceLine(release: Release, question: AssetQuestion): string {
  try {
    const chosen = chooseAsset(release, question)
    return 'error' in chosen ? chosen.error.message : `${chosen.asset.name} would be fetched.`
  } catch (error) {
    return asSluiceError(error).message
  }
}

/** Fetches as `get` does: the same line again goes on, or says that the file is there. */
async function fetchFound(
  settings: ReleaseSettings,
  { screen, paths, cwd }: CommandContext,
  found: Found,
  signal: AbortSignal,
): Promise<number> {
  const request = fileRequest(settings, found, (message) => {
    if (!settings.flag('quiet')) screen.err.line(`Warning: ${clean(message)}`)
  })
  const state = createRunState()
  const reporter = createReporter(state, await choosePrinters(settings, screen, state), screen.now)
  let finished: Finished | null = null
  let exitCode = 0
  reporter.begin(0, request.reference)
  try {
    const engine = await createEngine(engineOptions(settings, paths.data), (message) =>
      screen.err.line(`Warning: ${clean(message)}`),
    )
    try {
      finished = await engine.get(request, { signal, onEvent: (event) => reporter.running(0, event) })
    } finally {
      await engine.close()
    }
    reporter.completed(0, finished)
  } catch (error) {
    reporter.failed(0, request.reference, error)
    exitCode = signal.aborted ? 130 : asSluiceError(error).exitCode
  }
  state.allStarted = true
  const isJson = settings.flag('json')
  // On a terminal the lines about the download come first; the summary of a program's reader is the last one.
  if (!isJson) reporter.finish(exitCode)
  try {
    if (finished !== null && settings.flag('unpack'))
      await printUnpacked(settings, screen, resolve(cwd, finished.path), ifExistsOf(settings), signal)
  } catch (thrown) {
    const error = asSluiceError(thrown)
    exitCode = error.exitCode
    if (!isJson) throw error
    const { code, message, hint, retryable } = error
    screen.out.line(cleanJson({ type: 'error', reference: request.reference, code, message, hint, retryable }))
  } finally {
    if (isJson) reporter.finish(exitCode)
  }
  if (finished === null && signal.aborted) screen.err.line(interruptedLine(state))
  return exitCode
}

function fileRequest(
  settings: ReleaseSettings,
  { asset, digest }: Found,
  onWarning: (message: string) => void,
): FileRequest {
  const pin = settings.text('sha256')?.replace(/^sha256:/, '')
  if (pin !== undefined && digest.sha256 !== null && pin !== digest.sha256)
    throw new SluiceError(
      'digest-mismatch',
      `The release says that ${asset.name} has the SHA-256 ${digest.sha256}; ${pin} was asked for.`,
      {
        hint: 'The file was replaced at the server, or the digest belongs to another one. Nothing was fetched.',
      },
    )
  const expected = pin ?? digest.sha256
  if (expected === null && settings.flag('strict'))
    throw new SluiceError('no-digest', `The release tells no digest of ${asset.name}, so it cannot be checked.`, {
      hint: 'Give its SHA-256 with --sha256, or leave --strict out.',
    })
  if (expected === null) onWarning(`${asset.name} is unverified: the release tells no digest.`)
  return {
    reference: asset.url,
    dir: settings.text('dir') ?? '.',
    output: settings.text('output') ?? safeFileName(asset.name),
    digests: expected === null ? [] : [{ algorithm: 'sha256', hex: expected }],
    mirrors: [],
    size: asset.size,
    options: { ifExists: ifExistsOf(settings), allowHtml: expected !== null, ifChanged: 'restart' },
  }
}

function ifExistsOf(settings: ReleaseSettings): IfExists {
  const choice = settings.text('if-exists')
  return choice === 'overwrite' || choice === 'skip' || choice === 'fail' ? choice : 'rename'
}
