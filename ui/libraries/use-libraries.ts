import { SluiceError } from '../../src/core/errors.ts'
import type { LlamaCheck, LlamaTree } from '../../src/server/api-types.ts'
import { createAnswer } from '../add/use-answer.ts'
import { t } from '../i18n/index.ts'
import { createChecks } from '../installed/checks.ts'
import type { Check, Checks } from '../installed/checks.ts'
import { createListing } from '../installed/use-listing.ts'
import { client } from '../state/client.ts'
import { treeKey, treeName } from './library-order.ts'
import { problemWords } from './library-state.ts'

export type LibraryCheckNow = Check<LlamaCheck>
export type LibraryChecks = Checks<LlamaTree, LlamaCheck>

/** The builds of llama.cpp that are on the daemon's machine. */
export const useLibraries = createListing('llama', () => client.llamaCache())

/** The newest releases, and what the channels mean; asked for again after a minute. */
export const useReleases = createAnswer(() => client.llamaReleases(), 60_000)

export const useLibraryChecks = createChecks<LlamaTree, LlamaCheck>({
  keyOf: treeKey,
  nameOf: treeName,
  async verify({ tag, platform, variant }, signal) {
    const { checks } = await client.verifyLlama({ version: tag, platform, variant }, signal)
    const [check] = checks
    if (check === undefined) throw new SluiceError('not-found', 'It is no longer there.')
    return check
  },
  isGood: ({ verdict }) => verdict === 'verified',
  told: (tree, check) => {
    const name = treeName(tree)
    if (check.verdict === 'verified') return t('libraries.verifiedToast', { name })
    return t('libraries.damagedToast', { name, problems: problemWords(check) })
  },
})
