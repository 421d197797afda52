import { useEffect, useId, useRef, useSyncExternalStore } from 'react'
import { Drawer } from '@base-ui/react/drawer'
import { useShortcut } from '../state/shortcuts.ts'
import { DetailView } from './detail-view.tsx'
import { focusRow } from './focus-row.ts'
import { usePanelWidth, WidthHandle } from './width-handle.tsx'
import styles from './detail-panel.module.css'

export interface DetailPanelProps {
  readonly id: string
  readonly onClose: () => void
}

/** The details of a download: beside the list where there is room, over the page from below on phones. */
export function DetailPanel(props: DetailPanelProps) {
  return useIsWide() ? <SidePanel {...props} /> : <Sheet {...props} />
}

function SidePanel({ id, onClose }: DetailPanelProps) {
  const titleId = useId()
  const panel = useRef<HTMLElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const size = usePanelWidth()

  useEffect(() => {
    // Whoever opened it by the keyboard goes on in it; a click leaves the focus in the list.
    if (document.activeElement?.matches('[data-id]:focus-visible') === true) heading.current?.focus()
  }, [id])
  useShortcut('escape', close)

  function close(): void {
    const isWithin = panel.current?.contains(document.activeElement) === true
    onClose()
    if (isWithin) focusRow(id)
  }

  return (
    <aside ref={panel} className={styles['side']} aria-labelledby={titleId} style={{ inlineSize: size.width }}>
      <WidthHandle {...size} />
      <DetailView
        key={id}
        id={id}
        onClose={close}
        renderTitle={(name) => (
          <h2 id={titleId} ref={heading} tabIndex={-1} className={styles['title']}>
            <bdi>{name}</bdi>
          </h2>
        )}
      />
    </aside>
  )
}

function Sheet({ id, onClose }: DetailPanelProps) {
  return (
    <Drawer.Root open onOpenChange={(open) => !open && onClose()}>
      <Drawer.Portal>
        <Drawer.Backdrop className={styles['backdrop']} />
        <Drawer.Viewport className={styles['viewport']}>
          <Drawer.Popup className={styles['sheet']} finalFocus={() => focusRow(id)}>
            <div className={styles['grip']} aria-hidden="true" />
            <Drawer.Content className={styles['content']}>
              <DetailView
                key={id}
                id={id}
                onClose={onClose}
                renderTitle={(name) => (
                  <Drawer.Title className={styles['title']}>
                    <bdi>{name}</bdi>
                  </Drawer.Title>
                )}
              />
            </Drawer.Content>
          </Drawer.Popup>
        </Drawer.Viewport>
      </Drawer.Portal>
    </Drawer.Root>
  )
}

const wide = '(min-width: 1024px)'

function useIsWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(wide)
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => matchMedia(wide).matches,
  )
}
