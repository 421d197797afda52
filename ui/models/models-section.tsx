import { useState } from 'react'
import type { SluiceError } from '../../src/core/errors.ts'
import type { LibraryModel, ModelList } from '../../src/server/api-types.ts'
import { CopyButton } from '../detail/copy-button.tsx'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Box, CircleAlert, Download, FileArchive, Search } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useConnection } from '../state/live.ts'
import { errorText } from '../state/texts.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { ModelDialog } from './model-dialog.tsx'
import { arranged } from './model-order.ts'
import type { Order } from './model-order.ts'
import { troubleOf } from './model-state.ts'
import { ModelTable, OrderControl } from './model-table.tsx'
import styles from './models.module.css'
import { PullDialog } from './pull-dialog.tsx'
import type { PullDialogProps } from './pull-dialog.tsx'
import { RunningPulls } from './running-pulls.tsx'
import { SearchField } from './search-field.tsx'
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
  const shown = arranged(models, search, order, (model) => troubleOf(model, checks.of(model)))
  return (
    <section aria-labelledby="models" className={styles['section']}>
      <div className={styles['title']}>
        <div className={styles['about']}>
          <h2 id="models">{t('models.title')}</h2>
          {list !== undefined && <Summary list={list} />}
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
          <SearchField value={search} onChange={setSearch} found={shown.length} />
          <OrderControl order={order} onOrder={setOrder} />
        </div>
      )}
      {/* That the daemon is away is said above the page, and what was known stays. */}
      {error !== undefined && !(isOffline && list !== undefined) && (
        <Failed error={error} isKnown={list !== undefined} onAgain={() => void reload()} />
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

/** How many, how large, and where. */
function Summary({ list: { total, size, dir } }: { readonly list: ModelList }) {
  return (
    <div className={styles['summary']}>
      {total > 0 && <span>{t('models.summary', { count: total, size: bytes(size) })}</span>}
      <span className={styles['dir']} dir="ltr">
        <MiddleText text={dir} />
      </span>
      <CopyButton text={dir} name={t('models.folder')} />
    </div>
  )
}

interface FailedProps {
  readonly error: SluiceError
  /** There is a list from before. */
  readonly isKnown: boolean
  readonly onAgain: () => void
}

function Failed({ error, isKnown, onAgain }: FailedProps) {
  const { text, hint } = errorText(error)
  const again = <Button onClick={onAgain}>{t('list.tryAgain')}</Button>
  if (isKnown) {
    return (
      <div role="alert" className={styles['stale']}>
        <CircleAlert size={16} aria-hidden="true" />
        <p>{`${t('models.failedTitle')}. ${text} ${hint}`}</p>
        {again}
      </div>
    )
  }
  return (
    <div role="alert">
      <EmptyState icon={<CircleAlert />} title={t('models.failedTitle')} text={`${text} ${hint}`} action={again} />
    </div>
  )
}

/** In the shape of what is coming. */
function Waiting() {
  return (
    <div className={styles['waiting']} role="status" aria-busy="true" aria-label={t('common.loading')}>
      {['one', 'two', 'three'].map((row) => (
        <Skeleton key={row} height="44px" />
      ))}
    </div>
  )
}
