import { useState } from 'react'
import type { ComponentType } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { AlertDialog } from '../parts/alert-dialog.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Plus } from '../parts/icon.tsx'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'
import { Section } from './section.tsx'
import styles from './settings.module.css'
import { useLoaded } from './use-loaded.ts'

/** Next runs and deliveries come in by themselves, ms. */
const every = 30_000

/** What can be done with one of the items. */
export interface ItemWays {
  /** Does something to it and reads the list anew; a failure is told in a message. */
  readonly change: (work: () => Promise<unknown>) => Promise<void>
  readonly edit: () => void
  /** Asks before. */
  readonly remove: () => void
}

export interface ItemProps<T> {
  readonly item: T
  readonly ways: ItemWays
}

export interface ItemFormOf<T> {
  /** Null for a new one. */
  readonly item: T | null
  readonly onDone: () => void
}

export interface ItemsSectionProps<T> {
  readonly id: 'schedules' | 'webhooks'
  readonly note: string
  /** Said when there are none. */
  readonly none: string
  /** Label of the way to a new one, and title of its dialog. */
  readonly add: string
  /** Title of the dialog that changes one. */
  readonly editTitle: (item: T) => string
  readonly removeTitle: (item: T) => string
  readonly removeText: (item: T) => string
  readonly load: () => Promise<readonly T[]>
  readonly remove: (id: string) => Promise<unknown>
  readonly Row: ComponentType<ItemProps<T>>
  readonly Form: ComponentType<ItemFormOf<T>>
}

/** A list that the daemon keeps: its items are added and changed in a dialog, and removed after a question. */
export function ItemsSection<T extends { readonly id: string }>(props: ItemsSectionProps<T>) {
  const { id, note, none, add, load, remove, Row, Form } = props
  const { value: items, error, reload } = useLoaded(id, load, every)
  const [edited, setEdited] = useState<T | 'new' | null>(null)
  const [leaving, setLeaving] = useState<T | null>(null)

  async function change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (thrown) {
      const { text, hint } = errorText(asSluiceError(thrown))
      toast({ kind: 'error', text: `${text} ${hint}` })
    }
    await reload()
  }
  function onDone(): void {
    setEdited(null)
    void reload()
  }

  return (
    <Section id={id} note={note}>
      {items === undefined && error !== undefined && (
        <p role="alert" className={styles['error']}>
          {errorText(error).text}
        </p>
      )}
      {items?.length === 0 && <p className={styles['none']}>{none}</p>}
      {items !== undefined && items.length > 0 && (
        <ul className={styles['list']}>
          {items.map((item) => (
            <li key={item.id} className={styles['item']}>
              <Row item={item} ways={{ change, edit: () => setEdited(item), remove: () => setLeaving(item) }} />
            </li>
          ))}
        </ul>
      )}
      <Button className={styles['add']} icon={<Plus aria-hidden="true" />} onClick={() => setEdited('new')}>
        {add}
      </Button>
      <Dialog
        open={edited !== null}
        onOpenChange={(open) => open || setEdited(null)}
        title={edited === null || edited === 'new' ? add : props.editTitle(edited)}
      >
        {edited !== null && <Form item={edited === 'new' ? null : edited} onDone={onDone} />}
      </Dialog>
      <AlertDialog
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title={leaving === null ? '' : props.removeTitle(leaving)}
        description={leaving === null ? '' : props.removeText(leaving)}
        confirm={t('common.remove')}
        onConfirm={() => {
          if (leaving !== null) void change(() => remove(leaving.id))
        }}
      />
    </Section>
  )
}
