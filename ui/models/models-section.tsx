import { useState } from 'react'
import type { LibraryModel } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/installed.module.css'
import { Failed, Summary, Waiting } from '../installed/list-answer.tsx'
import { SearchField } from '../installed/search-field.tsx'
import { OrderControl } from '../installed/sort-heads.tsx'
import { trouble } from '../installed/state-mark.tsx'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Box, Download, FileArchive, Search } from '../parts/icon.tsx'
import { useConnection } from '../state/live.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { ModelDialog } from './model-dialog.tsx'
import { arranged, columns, nextOrder } from './model-order.ts'
import type { Order } from './model-order.ts'
import { modelState } from './model-state.ts'
import { heads, ModelTable } from './model-table.tsx'
import { PullDialog } from './pull-dialog.tsx'
import type { PullDialogProps } from './pull-dialog.tsx'
import { RunningPulls } from './running-pulls.tsx'
import { UnzipDialog } from './unzip-dialog.tsx'
import { useChecks } from './use-checks.ts'
import { useModels } from './use-models.ts'
import { unzip } from './use-unzip.ts'

const example = 'llama3.2:1b'

type Pulling = Pick<PullDialogProps, 'model' | 'isAgain'>
const noPull: Pulling = { model: null, isAgain: false }

/** The models of the store, and the ways to more of them. */
export function ModelsSection() {
  const { list, error, reload } = useModels()
  const checks = useChecks()
  const isOffline = useConnection() === 'offline'
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState<Order>({ column: 'name', descending: false })
  const [opened, setOpened] = useState<string | null>(null)
  const [leaving, setLeaving] = useState<LibraryModel | null>(null)
  const [pulling, setPulling] = useState<Pulling>(noPull)
  const [isUnzipping, setUnzipping] = useState(false)
  const models = list?.models ?? []
  const shown = arranged(models, search, order, (model) => trouble(modelState(model, checks.of(model))))
  return (
    <section aria-labelledby="models" className={styles['section']}>
      <div className={styles['title']}>
        <div className={styles['about']}>
          <h2 id="models">{t('models.title')}</h2>
          {list !== undefined && (
            <Summary
              text={list.total > 0 ? t('models.summary', { count: list.total, size: bytes(list.size) }) : ''}
              dir={list.dir}
              dirName={t('models.folder')}
            />
          )}
        </div>
        <div className={styles['ways']}>
          <Button icon={<FileArchive aria-hidden="true" />} onClick={() => setUnzipping(true)}>
            {t('models.unzip')}
          </Button>
          <Button
            variant="primary"
            icon={<Download aria-hidden="true" />}
            onClick={() => setPulling({ model: '', isAgain: false })}
          >
            {t('models.pull')}
          </Button>
        </div>
      </div>
      <RunningPulls />
      {models.length > 0 && (
        <div className={styles['tools']}>
          <SearchField
            value={search}
            onChange={setSearch}
            label={t('models.search')}
            found={t('models.found', { count: shown.length })}
          />
          <OrderControl columns={columns} names={heads} order={order} next={nextOrder} onOrder={setOrder} />
        </div>
      )}
      {/* That the daemon is away is said above the page, and what was known stays. */}
      {error !== undefined && !(isOffline && list !== undefined) && (
        <Failed
          title={t('models.failedTitle')}
          error={error}
          isKnown={list !== undefined}
          onAgain={() => void reload()}
        />
      )}
      {list === undefined && error === undefined && <Waiting />}
      {list !== undefined && models.length === 0 && (error === undefined || isOffline) && (
        <EmptyState
          icon={<Box />}
          title={t('models.emptyTitle')}
          text={t('models.emptyText')}
          action={
            <Button onClick={() => setPulling({ model: example, isAgain: false })}>
              {t('models.emptyExample', { name: example })}
            </Button>
          }
        />
      )}
      {models.length > 0 && shown.length === 0 && (
        <EmptyState
          icon={<Search />}
          title={t('list.noMatch')}
          text={t('models.noMatchText')}
          action={<Button onClick={() => setSearch('')}>{t('models.clearSearch')}</Button>}
        />
      )}
      {shown.length > 0 && (
        <ModelTable
          models={shown}
          order={order}
          onOrder={setOrder}
          checks={checks}
          onOpen={({ fullName }) => setOpened(fullName)}
          onDelete={setLeaving}
        />
      )}
      <ModelDialog
        model={models.find(({ fullName }) => fullName === opened) ?? null}
        checks={checks}
        onClose={() => setOpened(null)}
        onPull={({ fullName }) => {
          setOpened(null)
          setPulling({ model: fullName, isAgain: true })
        }}
      />
      <DeleteDialog model={leaving} dir={list?.dir ?? ''} onClose={() => setLeaving(null)} onDone={reload} />
      <PullDialog {...pulling} onClose={() => setPulling(noPull)} />
      <UnzipDialog
        open={isUnzipping}
        onClose={() => setUnzipping(false)}
        onInstall={(path) => void unzip(path).then(reload)}
      />
    </section>
  )
}
