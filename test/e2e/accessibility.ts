import type { Page } from '@playwright/test'
import axe from 'axe-core'
import type { OpenOptions } from './open-page.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
export const still = { reducedMotion: 'reduce' } as const
const wide = { width: 1280, height: 800 }
export const phone = { width: 390, height: 800 }

/** As people see the page: what they prefer, how they read, how wide it is. */
export const looks: Readonly<Record<string, OpenOptions>> = {
  'light, desktop': { context: { ...still, viewport: wide } },
  'dark, desktop, right to left': {
    context: { ...still, viewport: wide, colorScheme: 'dark' },
    preferences: { language: 'fa' },
  },
  'light, phone, right to left': { context: { ...still, viewport: phone }, preferences: { language: 'fa' } },
  'dark, phone, compact': {
    context: { ...still, viewport: phone, colorScheme: 'dark' },
    preferences: { density: 'compact' },
  },
}

/** What axe finds, a line each. */
export async function problems(page: Page, place: string): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (values) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: { type: 'tag', values },
        resultTypes: ['violations'],
      }),
    rules,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ target, failureSummary }) => `${place}: ${id} ${target.join(' ')} ${failureSummary ?? ''}`),
  )
}
