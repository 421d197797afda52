import { cloneElement } from 'react'
import type { ReactElement } from 'react'

/** What the tooltips of the page are made from; `TooltipLayer` shows them. */
export interface TooltipAttributes {
  readonly 'data-tooltip'?: string
  /** A shortcut behind the text. */
  readonly 'data-tooltip-keys'?: string
}

export interface TooltipProps {
  readonly text: string
  /** One element that can be focused, or a person without a pointer never reads the text. */
  readonly children: ReactElement<TooltipAttributes>
}

/** A hint for those who see; whoever hears the page needs the same words as a name or a description. */
export function Tooltip({ text, children }: TooltipProps) {
  return cloneElement(children, { 'data-tooltip': text })
}
