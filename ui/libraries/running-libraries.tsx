import type { ReactNode } from 'react'
import type { Download } from '../../src/server/api-types.ts'
import { percent } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/installed.module.css'
import { RunningItem, ViewLink } from '../installed/running-item.tsx'
import { useRunning } from '../installed/use-running.ts'
import { noFilters } from '../state/address.ts'
import { statusName, verdictName } from '../state/texts.ts'
import own from './libraries.module.css'

const shown = 4

/** Downloads of libraries that are on their way or failed, with what became of each of their builds. */
export function RunningLibraries() {
  const ids = useRunning('llama')
  if (ids.length === 0) return null
  return (
    <section aria-label={t('libraries.running')} className={styles['pulls']}>
      <ul>
        {ids.slice(0, shown).map((id) => (
          <RunningItem key={id} id={id} more={buildsOf} />
        ))}
      </ul>
      <ViewLink view={{ ...noFilters, page: 'downloads', tab: 'active', type: 'llama' }}>
        {t('libraries.showRunning', { count: ids.length })}
      </ViewLink>
    </section>
  )
}

function buildsOf(download: Download): ReactNode {
  return <Builds download={download} />
}

function Builds({ download: { filename, files } }: { readonly download: Download }) {
  // Before the release is known the one file is the download itself.
  const builds = files.filter(({ title }) => title !== filename)
  if (builds.length === 0) return null
  return (
    <ul className={own['builds']} aria-label={t('libraries.builds', { name: filename })}>
      {builds.map((file) => (
        <li key={file.title}>
          <bdi>{file.title}</bdi>
          <BuildState file={file} />
        </li>
      ))}
    </ul>
  )
}

function BuildState({ file }: { readonly file: Download['files'][number] }) {
  const { status, verdict, bytesDone, bytesTotal } = file
  if (status === 'completed')
    return <span data-tone="good">{verdict === null ? statusName(status) : verdictName(verdict)}</span>
  const part = bytesTotal === null || bytesTotal === 0 || bytesDone === 0 ? '' : ` ${percent(bytesDone / bytesTotal)}`
  return <span data-tone={status === 'error' ? 'danger' : undefined}>{`${statusName(status)}${part}`}</span>
}
