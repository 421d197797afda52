import { Popover as Base } from '@base-ui/react/popover'
import { classNames } from './class-names.ts'
import { landmarkFor } from './landmark-for.ts'
import layer from './layer.module.css'
import styles from './popover.module.css'
import type { PopoverPopupProps } from './popover.tsx'

export function PopoverPopup(props: PopoverPopupProps) {
  const { label, align = 'start', className, children, open, onOpenChange, anchor } = props
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, { event }) => {
        // The button closes it by its own click.
        if (!(event.target instanceof Node && anchor?.contains(event.target))) onOpenChange(next)
      }}
    >
      <Base.Portal container={landmarkFor(anchor)}>
        <Base.Positioner
          anchor={anchor}
          positionMethod="fixed"
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={layer['positioner']}
        >
          <Base.Popup
            aria-label={label}
            finalFocus={() => anchor}
            className={classNames(layer['popup'], styles['popup'], className)}
          >
            {children(() => onOpenChange(false))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
