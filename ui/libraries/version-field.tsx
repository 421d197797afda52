import type { LlamaReleases } from '../../src/server/api-types.ts'
import { Notice } from '../add/notice.tsx'
import type { Answer } from '../add/use-answer.ts'
import { dateTime } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { errorText } from '../state/texts.ts'
import { isVersion, tagOf } from './release-choice.ts'

export interface VersionFieldProps {
  readonly value: string
  /** Someone wanted to download: what is wrong is told. */
  readonly isAsked: boolean
  readonly releases: Answer<LlamaReleases>
  readonly onChange: (value: string) => void
}

const list = 'llama-versions'

/** A channel, a build or a version, with the newest ones to choose from. */
export function VersionField({ value, isAsked, releases, onChange }: VersionFieldProps) {
  const { answer, error, reload } = releases
  const version = value.trim()
  const wrong = isAsked && !isVersion(version) ? t('libraries.versionWrong') : undefined
  return (
    <>
      <Field label={t('libraries.version')} hint={hintFor(answer, version)} error={wrong}>
        <TextInput
          dir="ltr"
          autoCapitalize="none"
          enterKeyHint="go"
          list={list}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      </Field>
      <datalist id={list}>
        <option value="latest">{answer?.latest?.tag ?? ''}</option>
        <option value="nightly">{answer?.nightly ?? ''}</option>
        {answer?.releases.map(({ tag, publishedAt }) => (
          <option key={tag} value={tag}>
            {publishedAt === null ? '' : dateTime(publishedAt)}
          </option>
        ))}
      </datalist>
      {error !== undefined && answer === undefined && <ReleasesFailed error={error} onAgain={reload} />}
      {answer?.warnings.map((warning) => (
        <Notice key={warning} tone="warning" text={warning} />
      ))}
    </>
  )
}

interface ReleasesFailedProps {
  readonly error: NonNullable<Answer<LlamaReleases>['error']>
  readonly onAgain: () => void
}

/** An exact version can be asked for all the same. */
function ReleasesFailed({ error, onAgain }: ReleasesFailedProps) {
  const { text, hint } = errorText(error)
  return (
    <Notice tone="warning" text={`${t('libraries.releasesFailed')} ${text}`} hint={hint}>
      <Button size="small" onClick={onAgain}>
        {t('list.tryAgain')}
      </Button>
    </Notice>
  )
}

/** What the version means now, where that is known. */
function hintFor(known: LlamaReleases | undefined, version: string): string {
  const tag = known === undefined ? null : tagOf(known, version)
  if (tag === null || known === undefined) return t('libraries.versionHint')
  if (tag !== version.toLowerCase()) return t('libraries.versionIs', { version, tag })
  const published = known.releases.find((one) => one.tag === tag)?.publishedAt ?? null
  return published === null
    ? t('libraries.versionHint')
    : t('libraries.versionFrom', { tag, when: dateTime(published) })
}
