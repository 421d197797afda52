interface Size {
  readonly width: number
  readonly height: number
}

interface Box extends Size {
  readonly left: number
  readonly top: number
}

const gap = 6
const margin = 8

/** Where a tooltip stands: centred above what it belongs to, below where there is no room, never out of the window. */
export function tooltipPlace(owner: Box, own: Size, view: Size): { readonly x: number; readonly y: number } {
  const above = owner.top - gap - own.height
  const centred = owner.left + (owner.width - own.width) / 2
  const x = Math.max(margin, Math.min(centred, view.width - own.width - margin))
  return { x: Math.round(x), y: Math.round(above >= margin ? above : owner.top + owner.height + gap) }
}
