import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { chromium, expect as playwrightExpect } from '@playwright/test'
import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import { startDaemon } from '../support/daemon.ts'
import type { Daemon, DaemonOptions } from '../support/daemon.ts'
import { needCommand } from '../support/debian.ts'
import { startFarm } from '../support/farm.ts'
import type { Farm } from '../support/farm.ts'

/** Milliseconds. Longer than is usual: a busy machine with two cores runs browser, daemon and server. */
const patience = 60_000

export const expect = playwrightExpect.configure({ timeout: patience })

export const MiB = 1_048_576

/** A daemon with its page, a server with files, and a browser. */
export interface Lab {
  readonly daemon: Daemon
  readonly farm: Farm
  /** Opens the page as somebody new does: nothing is remembered. */
  open(t: TestContext, options?: OpenOptions): Promise<Page>
}

/** Messages stay until they are dismissed, as those want who need time to read: no test has to be quick. */
export const unhurried = { lastingMessages: true } as const

export interface OpenOptions {
  /** Path and query, default `/`. */
  readonly at?: string
  /** What the browser's storage holds before, as the page writes it there. */
  readonly preferences?: Readonly<Record<string, unknown>>
  /** Errors of the console that belong to what is tested. */
  readonly expectedErrors?: RegExp
  readonly context?: BrowserContextOptions
}

/** No requests of the browser's own, no questions. */
const flags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Everything ends with the test that it is started for. */
export async function startLab(t: TestContext, options: DaemonOptions = {}): Promise<Lab> {
  const executablePath = needCommand({ command: 'chromium', package: 'chromium' })
  const browsers: Browser[] = []
  // Before what the others leave to be done at the end, so that no page misses its daemon.
  t.after(() => Promise.all(browsers.map((one) => one.close())))
  const farm = await startFarm(t)
  const daemon = await startPageDaemon(t, options)
  const browser = await chromium.launch({ executablePath, args: flags })
  browsers.push(browser)
  return { daemon, farm, open: (test, more) => openPage(test, browser, daemon, more) }
}

/** A checkout can be shown a page that was built elsewhere. */
function startPageDaemon(t: TestContext, options: DaemonOptions): Promise<Daemon> {
  const elsewhere = process.env['SLUICE_UI_DIR']
  const env = elsewhere === undefined ? {} : { SLUICE_UI_DIR: elsewhere }
  return startDaemon(t, { ...options, env: { ...env, ...options.env } })
}

async function openPage(t: TestContext, browser: Browser, daemon: Daemon, options: OpenOptions = {}): Promise<Page> {
  const { at = '/', preferences = {}, expectedErrors, context: more } = options
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...more })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  await page.addInitScript(
    (kept) => {
      if (sessionStorage.getItem('opened') !== null) return
      sessionStorage.setItem('opened', '')
      for (const [key, value] of Object.entries(kept)) localStorage.setItem(`sluice.${key}`, JSON.stringify(value))
    },
    { ...preferences },
  )
  const wrong = watch(page, daemon.origin)
  // What was wrong is told by the test in which it happened.
  t.after(async () => {
    await context.close()
    assert.deepEqual(
      wrong.filter((text) => expectedErrors?.test(text) !== true),
      [],
    )
  })
  await page.goto(daemon.origin + at)
  await isInUse(page)
  return page
}

/** Waits until the page has heard of the daemon, whatever that said: it listens to keys and clicks by then. */
async function isInUse(page: Page): Promise<void> {
  // Not by what it says: nothing of the page has a name while a dialog such as that for the token is open.
  await expect(page.locator('p[data-state]:not([data-state=connecting])')).toBeAttached()
}

/** What must not happen on any page: errors, refusals of the content policy, requests to anyone but the daemon. */
function watch(page: Page, origin: string): string[] {
  const wrong: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`console: ${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!/^(?:data|blob):/.test(url) && !url.startsWith(`${origin}/`)) wrong.push(`asks ${url}`)
  })
  return wrong
}

/** The rows of the list that have this name. */
export function row(page: Page, name: string | RegExp) {
  return page.getByRole('row').filter({ has: page.getByRole('gridcell').filter({ hasText: name }) })
}

export function tab(page: Page, name: string) {
  return page.getByRole('tab', { name: new RegExp(`^${name}`) })
}

/** The field that takes everything. */
export function addField(page: Page) {
  return page.getByRole('textbox', { name: /^Add a link/ })
}
