import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import type { SourceKind } from './kinds.ts'
import type { FieldProblem } from './read-form.ts'
import type { Problem } from './recognise-one.ts'
import type { LineProblem, Recognised } from './recognise.ts'

export interface Advice {
  readonly text: string
  readonly hint: string
}

const kindNames = {
  url: 'add.kindUrl',
  model: 'add.kindModel',
  llama: 'add.kindLlama',
  release: 'add.kindRelease',
} as const satisfies Record<SourceKind, Key>

const problems = {
  scheme: ['add.wrongScheme', 'add.wrongSchemeHint'],
  blank: ['add.wrongBlank', 'add.wrongBlankHint'],
  host: ['add.wrongHost', 'add.wrongHostHint'],
  'too-long': ['add.wrongLong', 'add.wrongLongHint'],
  word: ['add.wrongWord', 'add.wrongWordHint'],
  unknown: ['add.wrongUnknown', 'add.wrongUnknownHint'],
} as const satisfies Record<Exclude<Problem['reason'], 'other'>, readonly [Key, Key]>

const fieldProblems = {
  path: 'add.problemPath',
  range: 'add.problemRange',
  checksum: 'add.problemChecksum',
  rate: 'add.problemRate',
  time: 'add.problemTime',
  registry: 'add.problemRegistry',
  platform: 'add.problemPlatform',
  targets: 'add.problemTargets',
  variant: 'add.problemVariant',
  asset: 'add.problemAsset',
  machine: 'add.problemMachine',
} as const satisfies Record<Exclude<FieldProblem['reason'], 'line' | 'other'>, Key>

/** What the chip says; '' where there is nothing to say yet. */
export function kindName(found: Recognised): string {
  if (found.kind === 'empty' || found.kind === 'typing') return ''
  if (found.kind === 'list') return t('add.kindList', { count: found.items.length })
  return found.kind === 'wrong' ? t('add.kindWrong') : t(kindNames[found.kind])
}

export function problemText(problem: LineProblem['problem']): Advice {
  if (problem.reason === 'other') return { text: problem.detail, hint: '' }
  const [text, hint] = problems[problem.reason]
  const detail = problem.reason === 'too-long' ? count(Number(problem.detail)) : problem.detail
  return { text: t(text, { detail }), hint: t(hint) }
}

/** `line` is what the sentence for a wrong line of that field is. */
export function fieldProblemText(
  problem: FieldProblem | undefined,
  line: 'add.problemMirror' | 'add.problemHeader' = 'add.problemMirror',
): string | undefined {
  if (problem === undefined) return undefined
  if (problem.reason === 'other') return problem.detail
  if (problem.reason === 'line') return t(line, { detail: count(Number(problem.detail)) })
  return t(fieldProblems[problem.reason], { detail: problem.detail })
}
