import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Page } from '@playwright/test'
import { addField, expect, startLab, tab, unhurried } from './open-page.ts'

test('settings, statistics and appearance', async (suite) => {
  const { daemon, farm, open } = await startLab(suite, { flags: ['--allow-private'] })
  const settings = () => daemon.ask<Record<string, unknown>>('GET', '/api/settings')
  const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })

  await suite.test(
    'a setting is kept by the daemon when its field is left, and goes back to its default',
    async (t) => {
      const page = await open(t, { at: '/settings' })
      await field(page, 'Downloads at once').fill('7')
      await page.keyboard.press('Tab')
      await expect.poll(async () => (await settings())['maxConcurrent']).toBe(7)
      await page.reload()
      await expect(field(page, 'Downloads at once')).toHaveValue('7')
      await page.getByRole('button', { name: /^Downloads at once: Back to default/ }).click()
      await expect(field(page, 'Downloads at once')).toHaveValue('4')
      await expect.poll(async () => (await settings())['maxConcurrent']).toBe(4)
    },
  )

  await suite.test('a value that cannot be is refused with the reason, and nothing is changed', async (t) => {
    const page = await open(t, { at: '/settings' })
    for (const [typed, problem] of [
      ['many', 'Write a whole number.'],
      ['0', 'The least is 1.'],
      ['9999', 'The most is 32.'],
    ] as const) {
      await field(page, 'Downloads at once').fill(typed)
      await page.keyboard.press('Enter')
      await expect(field(page, 'Downloads at once')).toHaveAccessibleDescription(new RegExp(problem))
      await expect(field(page, 'Downloads at once')).toHaveAttribute('aria-invalid', 'true')
    }
    await page.keyboard.press('Escape')
    await expect(field(page, 'Downloads at once')).toHaveValue('4')
    assert.equal((await settings())['maxConcurrent'], 4)
  })

  await suite.test('switches, choices and speeds are kept, and all of them go back together', async (t) => {
    const page = await open(t, { at: '/settings', preferences: unhurried })
    await page.getByRole('switch', { name: 'Start by itself' }).click()
    await page.getByRole('combobox', { name: 'When the file exists' }).selectOption('skip')
    await field(page, 'Speed limit').fill('1.5M')
    await page.keyboard.press('Enter')
    await expect
      .poll(async () => {
        const { autoStart, ifExists, speedLimit } = await settings()
        return { autoStart, ifExists, speedLimit }
      })
      .toEqual({ autoStart: false, ifExists: 'skip', speedLimit: 1.5 * 1024 * 1024 })
    await page.getByRole('button', { name: 'Reset all settings' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Reset' }).click()
    await expect(page.getByText('All settings are back to their defaults.')).toBeVisible()
    await expect(page.getByRole('switch', { name: 'Start by itself' })).toBeChecked()
    assert.equal((await settings())['speedLimit'], 0)
  })

  await suite.test('every setting of the daemon has its place on the page', async (t) => {
    const page = await open(t, { at: '/settings' })
    await expect(field(page, 'Downloads at once')).toBeVisible()
    const shown = await page
      .locator('[data-setting]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-setting') ?? ''))
    const all = Object.keys(await settings())
    assert.deepEqual(
      all.filter((key) => !shown.includes(key)),
      [],
    )
  })

  await suite.test('a schedule is added, changed, switched off and removed', async (t) => {
    const page = await open(t, { at: '/settings', expectedErrors: /400.*\/api\/schedules/ })
    await page.getByRole('button', { name: 'Add a schedule' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a schedule' })
    await dialog.getByRole('textbox', { name: 'Link' }).fill('https://example.org/nightly.zip')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Nightly')
    await dialog.getByRole('combobox', { name: 'When' }).selectOption({ label: 'Times of your own' })
    await dialog.getByRole('textbox', { name: 'Times of your own' }).fill('61 * * * *')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const times = dialog.getByRole('textbox', { name: 'Times of your own' })
    await expect(times).toHaveAttribute('aria-invalid', 'true')
    await expect(times).toBeFocused()
    await times.fill('30 2 * * *')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog).toHaveCount(0)
    const item = page.getByRole('listitem').filter({ hasText: 'https://example.org/nightly.zip' })
    await expect(item).toContainText(/Next run .*20\d\d/)
    await item.getByRole('button', { name: 'Edit Nightly' }).click()
    const form = page.getByRole('dialog', { name: 'Edit Nightly' })
    await expect(form.getByRole('textbox', { name: 'Link' })).toHaveValue('https://example.org/nightly.zip')
    await form.getByRole('textbox', { name: 'Link' }).fill('')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByRole('textbox', { name: 'Link' })).toHaveAccessibleDescription(/Type or paste the address\./)
    await form.getByRole('textbox', { name: 'Link' }).fill('https://example.org/weekly.zip')
    await form.getByRole('combobox', { name: 'When' }).selectOption({ label: 'Sundays at 4:00' })
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(item).toHaveCount(0)
    const changed = page.getByRole('listitem').filter({ hasText: 'https://example.org/weekly.zip' })
    await expect(changed).toContainText('Sundays at 4:00')
    await changed.getByRole('switch', { name: 'Nightly is on' }).click()
    await expect(changed).toContainText('Off')
    await changed.getByRole('button', { name: 'Remove Nightly' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).focus()
    await page.keyboard.press('Enter')
    await expect(changed).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Add a schedule' })).toBeFocused()
  })

  await suite.test('a webhook is added, tested, changed and removed', async (t) => {
    const calls: string[] = []
    const server = createServer((request, response) => {
      calls.push(request.url ?? '')
      response.end('ok')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    const page = await open(t, { at: '/settings', preferences: unhurried })
    await page.getByRole('button', { name: 'Add a webhook' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a webhook' })
    await dialog.getByRole('textbox', { name: 'Address' }).fill(url)
    for (const name of ['completes', 'fails']) await dialog.getByRole('checkbox', { name }).uncheck()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog.getByText('Choose at least one.')).toBeVisible()
    await dialog.getByRole('checkbox', { name: 'completes' }).check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    const item = page.getByRole('listitem').filter({ hasText: url })
    await item.getByRole('button', { name: 'Send a test' }).click()
    await expect(page.getByText(/^.*The test arrived\./)).toBeVisible()
    assert.deepEqual(calls, ['/hook'])
    await item.getByRole('button', { name: `Edit ${url}` }).click()
    const form = page.getByRole('dialog', { name: 'Edit the webhook' })
    await expect(form.getByRole('textbox', { name: 'Address' })).toHaveValue(url)
    await form.getByRole('checkbox', { name: 'starts' }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(item).toContainText('starts, completes')
    await item.getByRole('button', { name: `Remove ${url}` }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await expect(item).toHaveCount(0)
  })

  await suite.test('what is saved twice before the daemon has answered is added once', async (t) => {
    const page = await open(t, { at: '/settings' })
    const answered = Promise.withResolvers<void>()
    let sent = 0
    await page.route('**/api/schedules', async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      sent++
      await answered.promise
      return route.continue()
    })
    await page.getByRole('button', { name: 'Add a schedule' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a schedule' })
    await dialog.getByRole('textbox', { name: 'Link' }).fill('https://example.org/once.zip')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    answered.resolve()
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole('listitem').filter({ hasText: 'https://example.org/once.zip' })).toHaveCount(1)
    assert.equal(sent, 1)
  })

  await suite.test('a link to a section leads there, and nothing else moves', async (t) => {
    const request = { reference: 'https://example.org/nightly.zip' }
    const { id } = await daemon.ask<{ id: string }>('POST', '/api/schedules', { cron: '0 3 * * *', request })
    t.after(() => daemon.ask('DELETE', `/api/schedules/${id}`))
    const page = await open(t, { at: '/settings' })
    await expect(page.getByRole('listitem').filter({ hasText: request.reference })).toBeVisible()
    const rail = page.getByRole('navigation', { name: 'Main' })
    const before = await rail.boundingBox()
    for (const name of ['About', 'Network', 'Queue']) {
      await page.getByRole('link', { name, exact: true }).click()
      await expect(page.getByRole('heading', { name, exact: true })).toBeFocused()
      await expect(page.getByRole('heading', { name, exact: true })).toBeInViewport()
      assert.deepEqual(await rail.boundingBox(), before, name)
    }
  })

  await suite.test('the theme follows the system until one is chosen, and stays chosen', async (t) => {
    const page = await open(t, { context: { colorScheme: 'dark' } })
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const dark = await ground()
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ground()
    assert.notEqual(dark, light)
    await page.getByRole('button', { name: 'Appearance and help' }).click()
    await page
      .getByRole('menuitemradio', { name: 'Dark' })
      .or(page.getByRole('menuitemcheckbox', { name: 'Dark' }))
      .click()
    await expect.poll(ground).toBe(dark)
    await page.reload()
    await expect.poll(ground).toBe(dark)
  })

  await suite.test('the page speaks Persian from right to left, and German', async (t) => {
    const page = await open(t, { at: '/settings' })
    const language = page.getByRole('combobox', { name: /Language|زبان|Sprache/ })
    await language.selectOption('fa')
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
    await expect(page.locator('html')).toHaveAttribute('lang', 'fa')
    await expect(page.getByRole('heading', { name: 'تنظیمات', level: 1 })).toBeVisible()
    await page.goto(daemon.origin)
    await expect(page.getByRole('tab', { name: 'فعال ۰' })).toBeVisible()
    const [rail, main] = [page.getByRole('navigation'), page.getByRole('main')]
    assert.ok(((await rail.boundingBox())?.x ?? 0) > ((await main.boundingBox())?.x ?? 0), 'the rail is at the right')
    await page.goto(`${daemon.origin}/settings`)
    await language.selectOption('de')
    await expect(page.locator('html')).toHaveAttribute('dir', 'ltr')
    await expect(page.getByRole('heading', { name: 'Einstellungen', level: 1 })).toBeVisible()
  })

  await suite.test('statistics count what was downloaded, as figures, a week, hosts and types', async (t) => {
    await daemon.becomes(await daemon.add(farm.plant('/counted.iso', 3 * 1_048_576)), 'completed')
    const page = await open(t, { at: '/statistics' })
    await expect(page.getByRole('heading', { name: 'Statistics', level: 1 })).toBeVisible()
    await expect(page.getByText('3.00 MiB', { exact: true }).first()).toBeVisible()
    await expect(page.getByText(new URL(farm.origin).host)).toBeVisible()
    await expect(page.getByText('iso', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'As a table' }).click()
    const table = page.getByRole('table', { name: 'Last 7 days' })
    await expect(table.getByRole('row')).toHaveCount(8)
    await expect(table.getByRole('row').last()).toContainText('3.00 MiB')
  })

  await suite.test('models and libraries leave the shortcuts of the page as they are', async (t) => {
    const page = await open(t, { at: '/libraries' })
    await expect(page.getByRole('heading', { name: 'Models & Libraries', level: 1 })).toBeVisible()
    await page.keyboard.press('n')
    await expect(addField(page)).toBeFocused()
    await expect(tab(page, 'Active')).toBeVisible()
  })

  await suite.test('the history is sorted by a click, forgets an entry, and fetches one again', async (t) => {
    await daemon.becomes(await daemon.add(farm.plant('/again.bin', 77)), 'completed')
    const page = await open(t, { at: '/history', preferences: unhurried })
    const entry = page.getByRole('row').filter({ hasText: /again.*\.bin/ })
    await page.getByRole('button', { name: 'Size' }).click()
    await expect(page).toHaveURL(/sort=-?size/)
    await entry.getByRole('button', { name: 'Download again.bin again' }).click()
    await expect(page.getByText('Added to the queue again.')).toBeVisible()
    await expect(entry).toHaveCount(2)
    await entry.first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect(entry).toHaveCount(1)
    await expect.poll(async () => (await daemon.history('search=again')).total).toBe(1)
    await entry.first().focus()
    await page.keyboard.press('Delete')
    await expect(entry).toHaveCount(0)
    await expect.poll(async () => (await daemon.history('search=again')).total).toBe(0)
  })
})
