import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { expect } from './open-page.ts'
import type { Lab, OpenOptions } from './open-page.ts'

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

/** Has axe look at what is shown now, which is called by that name in what it finds. */
export type Check = (place: string) => Promise<void>

/** A test for each look, in which `walk` shows what is to be checked; at the end all is told that axe has found. */
export async function breaksNoRule(
  suite: TestContext,
  open: Lab['open'],
  names: readonly string[],
  walk: (page: Page, check: Check, look: string) => Promise<void>,
): Promise<void> {
  for (const look of names) {
    await suite.test(`no rule of accessibility is broken: ${look}`, async (t) => {
      const found: string[] = []
      const page = await open(t, looks[look])
      await walk(page, async (place) => void found.push(...(await problems(page, place))), look)
      assert.deepEqual(found, [])
    })
  }
}

/** A test that no page is wider than a small phone, in the languages with the longest words; `shown` waits for it. */
export async function needsNoWidth(
  suite: TestContext,
  open: Lab['open'],
  paths: readonly string[],
  shown: (page: Page) => Promise<void>,
): Promise<void> {
  await suite.test('nothing has to be scrolled sideways, down to 320 pixels', async (t) => {
    const page = await open(t, { context: { viewport: { width: 320, height: 640 } } })
    for (const language of ['de', 'fa']) {
      await page.evaluate((chosen) => localStorage.setItem('sluice.language', JSON.stringify(chosen)), language)
      for (const path of paths) {
        await page.goto(new URL(path, page.url()).href)
        await expect(page.locator('html')).toHaveAttribute('lang', language)
        await shown(page)
        assert.equal(await tooWide(page), 0, `${language} ${path}`)
      }
    }
  })
}

/** Pixels that the page is wider than the window. */
export function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
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
