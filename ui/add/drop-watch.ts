export interface DropHandlers {
  /** Whether something that can be taken is held over the page. */
  over(is: boolean): void
  dropped(transfer: DataTransfer): void
}

/**
 * Watches what is dragged in from outside until the signal is aborted. What is dragged within the page (rows, selected
 * text) is left alone. A file that is dropped never replaces the page.
 */
export function createDropWatch(target: Window, signal: AbortSignal, handlers: DropHandlers): void {
  let depth = 0
  let isOwn = false
  const end = (): void => {
    depth = 0
    handlers.over(false)
  }
  const on = (
    type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
    handle: (event: DragEvent, transfer: DataTransfer) => void,
  ): void =>
    target.addEventListener(
      type,
      (event) => {
        if (event.dataTransfer !== null && !isOwn && isForUs(event.dataTransfer.types))
          handle(event, event.dataTransfer)
      },
      { signal },
    )
  target.addEventListener('dragstart', () => (isOwn = true), { signal })
  target.addEventListener('dragend', () => (isOwn = false), { signal })
  // What is dragged may be gone from the page before its end; while dragging there are no moves of the pointer.
  target.addEventListener('pointermove', () => (isOwn = false), { signal, passive: true })
  on('dragenter', (event) => {
    event.preventDefault()
    if (++depth === 1) handlers.over(true)
  })
  on('dragover', (event, transfer) => {
    event.preventDefault()
    transfer.dropEffect = 'copy'
  })
  on('dragleave', () => {
    if (--depth <= 0) end()
  })
  on('drop', (event, transfer) => {
    event.preventDefault()
    end()
    handlers.dropped(transfer)
  })
  signal.addEventListener('abort', end)
}

/** Files, links and text; nothing else can be dropped here. */
function isForUs(types: readonly string[]): boolean {
  return types.some((type) => type === 'Files' || type === 'text/uri-list' || type === 'text/plain')
}
