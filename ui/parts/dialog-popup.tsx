import { Dialog as Base } from '@base-ui/react/dialog'
import { useRef } from 'react'
import { t } from '../i18n/index.ts'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'
import type { DialogProps } from './dialog.tsx'
import { X } from './icon.tsx'

export function DialogPopup(props: DialogProps) {
  const { open, onOpenChange, title, description, children, footer, width = 'usual', initialFocus } = props
  const body = useRef<HTMLDivElement>(null)
  const firstField = (): HTMLElement | null =>
    body.current?.querySelector<HTMLElement>('input, select, textarea') ?? null
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Popup
          className={classNames(styles['popup'], width === 'wide' && styles['wide'])}
          // On a touch screen a field would bring up the keyboard over half of the dialog.
          initialFocus={initialFocus ?? ((type) => type === 'touch' || (firstField() ?? true))}
        >
          <div className={styles['head']}>
            <Base.Title className={styles['title']}>{title}</Base.Title>
            <Base.Close render={<IconButton label={t('common.close')} icon={<X />} size="small" />} />
          </div>
          {description !== undefined && (
            <Base.Description render={<div />} className={styles['description']}>
              {description}
            </Base.Description>
          )}
          {children !== undefined && (
            <div ref={body} className={styles['body']}>
              {children}
            </div>
          )}
          {footer !== undefined && <div className={styles['foot']}>{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
