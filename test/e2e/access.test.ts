import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from '@playwright/test'
import { breaksNoRule, looks, needsNoWidth, phone, still, tooWide } from './accessibility.ts'
import { MiB, addField, expect, row, startLab } from './open-page.ts'

test('whoever cannot see or click finds everything', async (suite) => {
  const { daemon, farm, open } = await startLab(suite)
  farm.rate = MiB / 16
  const digest = (path: string) => ({ checksum: `sha256:${farm.content(path).sha256()}` })
  await daemon.becomes(await daemon.add(farm.plant('/sure.bin', 64), digest('/sure.bin')), 'completed')
  await daemon.becomes(await daemon.add(farm.plant('/length.iso', 64)), 'completed')
  await daemon.becomes(await daemon.add(farm.plant('/gone.zip', 64, 'missing')), 'error')
  await daemon.add(farm.plant('/paused-with-a-long-name-of-many-words-and-a-version-1.2.3.tar.zst', MiB), {
    paused: true,
  })
  // Large enough to run for an hour.
  await daemon.add(farm.plant('/length-unknown.bin', 240 * MiB, 'chunked'))
  const running = await daemon.add(farm.plant('/running.iso', 960 * MiB))
  await daemon.becomes(running, 'active')
  await daemon.ask('PUT', '/api/settings', { maxConcurrent: 2 })
  await daemon.add(farm.plant('/waits.pdf', MiB))
  await daemon.ask('POST', '/api/schedules', {
    name: 'Nightly',
    cron: '0 3 * * *',
    request: { reference: 'https://example.org/nightly.zip' },
  })

  await breaksNoRule(suite, open, Object.keys(looks), async (page, check) => {
    const menu = page.getByRole('menu')
    const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'))
    const leave = async (): Promise<void> => {
      await page.keyboard.press('Escape')
      await expect(dialog.or(menu)).toHaveCount(0)
    }
    const listed = row(page, 'running.iso')
    const rowMenu = page.locator('[role=row][data-id] [aria-haspopup=menu]').first()

    await expect(listed).toBeVisible()
    await check('active')
    for (const path of ['/queue', '/completed', '/history', '/libraries', '/statistics', '/settings']) {
      await page.goto(daemon.origin + path)
      await settled(page)
      await check(path)
    }
    await page.locator('#section-schedules ~ button').click()
    await expect(dialog).toBeVisible()
    await dialog.locator('button[type=submit]').click()
    await expect(dialog.locator('[aria-invalid=true]')).toBeFocused()
    await check('schedule')
    await leave()

    await page.goto(`${daemon.origin}/?selected=${running}`)
    await expect(page.getByRole('heading', { name: 'running.iso' })).toBeVisible()
    await expect(page.locator('canvas').first()).toBeVisible()
    await check('details')
    await page.goto(`${daemon.origin}/history`)
    await row(page, 'gone.zip').click()
    await expect(page.getByRole('heading', { name: 'gone.zip' })).toBeVisible()
    await check('details of a failure')

    await page.goto(daemon.origin)
    const field = page.locator('form textarea').first()
    await field.fill(`${farm.origin}/one\nftp://example.org/two`)
    await page.locator('form button[aria-expanded]').first().click()
    await expect(page.locator('form select').first()).toBeVisible()
    await check('options')
    await field.fill('')
    await page.locator('form button[aria-expanded]').first().click()

    await page.locator('main [aria-haspopup=dialog]').first().click()
    await expect(dialog).toBeVisible()
    await check('filters')
    await leave()
    await rowMenu.click()
    await expect(menu).toBeVisible()
    await check('menu')
    await leave()
    await listed.focus()
    await page.keyboard.press('Space')
    await expect(page.getByRole('toolbar')).toBeVisible()
    await check('selection')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(dialog).toBeVisible()
    await check('help')
    await leave()

    await page.goto(`${daemon.origin}/completed`)
    await rowMenu.click()
    await menu.getByRole('menuitem').last().click()
    await expect(page.getByRole('alertdialog')).toBeVisible()
    await check('question')
  })

  const paths = ['/', '/queue', '/completed', '/history', '/statistics', '/settings', `/?selected=${running}`]
  await needsNoWidth(suite, open, paths, settled)

  await suite.test(
    'the options fit into 320 pixels too, and so does a page that is magnified four times',
    async (t) => {
      const page = await open(t, { context: { viewport: { width: 320, height: 256 } } })
      await row(page, 'running.iso').scrollIntoViewIfNeeded()
      await expect(row(page, 'running.iso')).toBeInViewport()
      await page.locator('form button[aria-expanded]').first().click()
      await expect(page.locator('form select').first()).toBeVisible()
      assert.equal(await tooWide(page), 0)
    },
  )

  await suite.test('fingers find buttons that are large enough', async (t) => {
    const page = await open(t, { context: { viewport: phone, hasTouch: true, isMobile: true } })
    await expect(row(page, 'running.iso')).toBeVisible()
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, [role=tab], nav a, select, textarea')].flatMap((one) => {
        const { width, height } = one.getBoundingClientRect()
        return width > 0 && (width < 24 || height < 24) ? [`${one.outerHTML.slice(0, 120)} ${width}x${height}`] : []
      }),
    )
    assert.deepEqual(small, [])
  })

  await suite.test('nothing moves for those who want no motion', async (t) => {
    const page = await open(t, { context: still })
    await addField(page).fill(farm.origin)
    const moving = await page.evaluate(
      () => document.getAnimations().filter((one) => Number(one.effect?.getComputedTiming().duration) > 1).length,
    )
    assert.equal(moving, 0)
  })
})

/** What is loaded is shown: rows, or the parts of a page without rows. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator('main').locator('[role=row][data-id], h2').first()).toBeVisible()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
}
