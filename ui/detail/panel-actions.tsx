import type { DownloadDetail } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Ban, Download, FolderOpen, Pause, Play, RotateCw, Trash2 } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import { actions } from '../state/actions.ts'
import { useHealth } from '../state/live.ts'
import { modelPlace } from '../state/model-place.ts'
import { openFolder } from '../state/open-folder.ts'
import { panelActions } from './facts.ts'
import type { PanelAction } from './facts.ts'
import styles from './detail.module.css'

const looks: Readonly<Record<PanelAction, readonly [icon: IconComponent, word: Key]>> = {
  pause: [Pause, 'common.pause'],
  resume: [Play, 'common.resume'],
  retry: [RotateCw, 'common.retry'],
  redownload: [Download, 'detail.redownload'],
  openFolder: [FolderOpen, 'detail.openFolder'],
  cancel: [Ban, 'common.cancel'],
  remove: [Trash2, 'common.remove'],
}

export interface PanelActionsProps {
  readonly detail: DownloadDetail
  /** It was removed. */
  readonly onRemoved: () => void
  /** Another one took its place. */
  readonly onOther: (id: string) => void
}

export function PanelActions({ detail, onRemoved, onOther }: PanelActionsProps) {
  const { id } = detail
  const canOpenFolders = useHealth()?.canOpenFolders === true
  function act(action: PanelAction): void {
    if (action === 'redownload') {
      void actions.redownload(id).then((other) => other !== null && onOther(other))
      return
    }
    if (action === 'openFolder') return void openFolder(id)
    void actions[action]([id])
    if (action === 'remove') onRemoved()
  }
  return (
    <div className={styles['actions']}>
      {panelActions(detail, canOpenFolders, modelPlace(detail)).map((action, index) => {
        const [Icon, word] = looks[action]
        return (
          <Button
            key={action}
            size="small"
            variant={index === 0 && action !== 'cancel' && action !== 'remove' ? 'primary' : 'quiet'}
            icon={<Icon size={14} aria-hidden="true" />}
            onClick={() => act(action)}
          >
            {t(word)}
          </Button>
        )
      })}
    </div>
  )
}
