/** Colours of the style sheet by the name of their custom property, as a canvas understands them. */
export type Palette = (token: string) => string

/**
 * Reads colours as they are in force at `element`, `light-dark()` and system colours resolved. What was read is kept:
 * make a new one when the theme changes.
 */
export function readPalette(element: HTMLElement): Palette {
  const known = new Map<string, string>()
  return (token) => {
    const kept = known.get(token)
    if (kept !== undefined) return kept
    const before = element.style.color
    element.style.color = `var(${token})`
    const colour = getComputedStyle(element).color
    element.style.color = before
    known.set(token, colour)
    return colour
  }
}

const conditions = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']

/** Calls back when colours may be others: the theme was switched here or in the system. Gives back what ends it. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'class', 'style'] })
  const queries = conditions.map((condition) => matchMedia(condition))
  for (const query of queries) query.addEventListener('change', listener)
  return () => {
    observer.disconnect()
    for (const query of queries) query.removeEventListener('change', listener)
  }
}
