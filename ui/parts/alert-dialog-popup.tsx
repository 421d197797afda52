import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { t } from '../i18n/index.ts'
import type { AlertDialogProps } from './alert-dialog.tsx'
import { Button } from './button.tsx'
import styles from './dialog.module.css'

export function AlertDialogPopup(props: AlertDialogProps) {
  const { open, onOpenChange, title, description, confirm, danger = true, onConfirm, children } = props
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Popup className={styles['popup']}>
          <div className={styles['head']}>
            <Base.Title className={styles['title']}>{title}</Base.Title>
          </div>
          <Base.Description render={<div />} className={styles['description']}>
            {description}
          </Base.Description>
          {children !== undefined && <div className={styles['body']}>{children}</div>}
          <div className={styles['foot']}>
            <Base.Close render={<Button>{t('common.back')}</Button>} />
            <Base.Close
              render={<Button variant={danger ? 'danger' : 'primary'}>{confirm}</Button>}
              onClick={onConfirm}
            />
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
