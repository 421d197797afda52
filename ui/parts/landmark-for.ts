/**
 * Where a layer of the page that is opened from an element goes: all content belongs to a landmark. A dialog is one, but
 * would cut the layer off; the rest of the page is out of reach meanwhile, so that one goes to the end of the body.
 */
export function landmarkFor(from: Element | null): HTMLElement | undefined {
  const dialog = from?.closest('[role="dialog"], [role="alertdialog"]') ?? null
  return dialog === null ? (document.querySelector('main') ?? undefined) : undefined
}
