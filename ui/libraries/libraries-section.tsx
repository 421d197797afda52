import { useState } from 'react'
import type { LlamaTree } from '../../src/server/api-types.ts'
import { useHardware } from '../add/use-hardware.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/installed.module.css'
import { Failed, Summary, Waiting } from '../installed/list-answer.tsx'
import { SearchField } from '../installed/search-field.tsx'
import { OrderControl } from '../installed/sort-heads.tsx'
import { trouble } from '../installed/state-mark.tsx'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Download, Package, Search, Trash2 } from '../parts/icon.tsx'
import { useConnection } from '../state/live.ts'
import { CleanDialog } from './clean-dialog.tsx'
import { DownloadDialog } from './download-dialog.tsx'
import type { Wanted } from './download-dialog.tsx'
import { LibraryDialog } from './library-dialog.tsx'
import { arranged, columns, nextOrder, treeKey } from './library-order.ts'
import type { Order } from './library-order.ts'
import { libraryState } from './library-state.ts'
import { heads, LibraryTable } from './library-table.tsx'
import { MachineBox } from './machine-box.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { RunningLibraries } from './running-libraries.tsx'
import { TryDialog } from './try-dialog.tsx'
import { useLibraries, useLibraryChecks } from './use-libraries.ts'

const newest: Wanted = { version: 'latest', platform: '', variant: '', isAgain: false }

/** The builds of llama.cpp that are here, the ways to more of them, and what the machine can use. */
export function LibrariesSection() {
  const { list, error, reload } = useLibraries()
  const checks = useLibraryChecks()
  const host = useHardware().answer?.platform ?? null
  const isOffline = useConnection() === 'offline'
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState<Order>({ column: 'version', descending: true })
  const [opened, setOpened] = useState<string | null>(null)
  const [tried, setTried] = useState<LlamaTree | null>(null)
  const [leaving, setLeaving] = useState<LlamaTree | null>(null)
  const [wanted, setWanted] = useState<Wanted | null>(null)
  const [isCleaning, setCleaning] = useState(false)
  const trees = list?.trees ?? []
  const shown = arranged(trees, search, order, (tree) => trouble(libraryState(checks.of(tree))))
  return (
    <section aria-labelledby="libraries" className={styles['section']}>
      <div className={styles['title']}>
        <div className={styles['about']}>
          <h2 id="libraries">{t('libraries.title')}</h2>
          {list !== undefined && (
            <Summary
              text={trees.length > 0 ? t('libraries.summary', { count: trees.length, size: bytes(list.size) }) : ''}
              dir={list.dir}
              dirName={t('libraries.folder')}
            />
          )}
        </div>
        <div className={styles['ways']}>
          {trees.length > 0 && (
            <Button icon={<Trash2 aria-hidden="true" />} onClick={() => setCleaning(true)}>
              {t('libraries.cleanUp')}
            </Button>
          )}
          <Button variant="primary" icon={<Download aria-hidden="true" />} onClick={() => setWanted(newest)}>
            {t('libraries.download')}
          </Button>
        </div>
      </div>
      <RunningLibraries />
      {trees.length > 0 && (
        <div className={styles['tools']}>
          <SearchField
            value={search}
            onChange={setSearch}
            label={t('libraries.search')}
            found={t('libraries.found', { count: shown.length })}
          />
          <OrderControl columns={columns} names={heads} order={order} next={nextOrder} onOrder={setOrder} />
        </div>
      )}
      {/* That the daemon is away is said above the page, and what was known stays. */}
      {error !== undefined && !(isOffline && list !== undefined) && (
        <Failed
          title={t('libraries.failedTitle')}
          error={error}
          isKnown={list !== undefined}
          onAgain={() => void reload()}
        />
      )}
      {list === undefined && error === undefined && <Waiting />}
      {list !== undefined && trees.length === 0 && (error === undefined || isOffline) && (
        <EmptyState
          icon={<Package />}
          title={t('libraries.emptyTitle')}
          text={t('libraries.emptyText')}
          action={
            <Button onClick={() => setWanted(newest)}>
              {t('libraries.emptyExample', { name: 'llama.cpp@latest' })}
            </Button>
          }
        />
      )}
      {trees.length > 0 && shown.length === 0 && (
        <EmptyState
          icon={<Search />}
          title={t('list.noMatch')}
          text={t('libraries.noMatchText')}
          action={<Button onClick={() => setSearch('')}>{t('models.clearSearch')}</Button>}
        />
      )}
      {shown.length > 0 && (
        <LibraryTable
          trees={shown}
          order={order}
          onOrder={setOrder}
          checks={checks}
          host={host}
          onOpen={(tree) => setOpened(treeKey(tree))}
          onTry={setTried}
          onRemove={setLeaving}
        />
      )}
      <MachineBox />
      <LibraryDialog
        tree={trees.find((tree) => treeKey(tree) === opened) ?? null}
        checks={checks}
        host={host}
        onClose={() => setOpened(null)}
        onTry={(tree) => {
          setOpened(null)
          setTried(tree)
        }}
        onDownload={({ tag, platform, variant }) => {
          setOpened(null)
          setWanted({ version: tag, platform: platform === host ? '' : platform, variant, isAgain: true })
        }}
      />
      <TryDialog tree={tried} onClose={() => setTried(null)} />
      <RemoveDialog tree={leaving} onClose={() => setLeaving(null)} onDone={reload} />
      <CleanDialog open={isCleaning} trees={trees} onClose={() => setCleaning(false)} onDone={reload} />
      <DownloadDialog wanted={wanted} onClose={() => setWanted(null)} />
    </section>
  )
}
