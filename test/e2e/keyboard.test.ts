import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MiB, addField, expect, row, startLab, tab, unhurried } from './open-page.ts'

test('the page by keyboard alone', async (suite) => {
  const { daemon, farm, open } = await startLab(suite)
  farm.rate = MiB / 32

  await suite.test('adds, watches, pauses, resumes, opens and removes a download', async (t) => {
    const url = farm.plant('/keys.iso', 96 * MiB)
    const page = await open(t)
    const { keyboard } = page
    await keyboard.press('n')
    await expect(addField(page)).toBeFocused()
    await keyboard.type(url)
    await keyboard.press('Enter')
    await expect(row(page, 'keys.iso')).toContainText('Downloading')
    // Out of the field, to the row that Tab leads to.
    for (let i = 0; i < 30 && (await row(page, 'keys.iso').evaluate((e) => e !== document.activeElement)); i++) {
      await keyboard.press('Tab')
    }
    await expect(row(page, 'keys.iso')).toBeFocused()
    await keyboard.press('p')
    await expect(row(page, 'keys.iso')).toContainText('Paused')
    await keyboard.press('p')
    await expect(row(page, 'keys.iso')).toContainText('Downloading')
    await keyboard.press('Shift+P')
    await expect(row(page, 'keys.iso')).toContainText('Paused')
    await keyboard.press('Shift+R')
    await expect(row(page, 'keys.iso')).toContainText('Downloading')

    await keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'keys.iso' })).toBeFocused()
    await keyboard.press('Escape')
    await expect(row(page, 'keys.iso')).toBeFocused()

    await keyboard.press('ContextMenu')
    await expect(page.getByRole('menuitem', { name: 'Pause' })).toBeVisible()
    await keyboard.press('Escape')
    await expect(row(page, 'keys.iso')).toBeFocused()
    await keyboard.press('ArrowRight')
    await keyboard.press('ArrowRight')
    await expect(row(page, 'keys.iso').getByRole('button', { name: 'Pause keys.iso' })).toBeFocused()
    await keyboard.press('ArrowLeft')
    await keyboard.press('ArrowLeft')

    farm.rate = Infinity
    await expect(page.getByText('Nothing is running')).toBeVisible()
    farm.rate = MiB / 32
    await keyboard.press('h')
    await expect(tab(page, 'History')).toHaveAttribute('aria-selected', 'true')
    await keyboard.press('f')
    await keyboard.type('keys')
    await expect(row(page, 'keys.iso')).toContainText('Completed')
  })

  await suite.test('moves through the rows with arrows, Home and End', async (t) => {
    for (let i = 1; i <= 40; i++) await daemon.add(farm.plant(`/row-${i}.bin`, 64), { paused: true })
    const page = await open(t)
    const { keyboard } = page
    await expect(row(page, 'row-1.bin')).toBeVisible()
    await keyboard.press('ArrowDown')
    await expect(row(page, /row-1\.bin/)).toBeFocused()
    await keyboard.press('ArrowDown')
    await expect(row(page, /row-2\.bin/)).toBeFocused()
    await keyboard.press('End')
    await expect(row(page, /row-40\.bin/)).toBeFocused()
    await expect(row(page, /row-40\.bin/)).toBeInViewport()
    await keyboard.press('Home')
    await expect(row(page, /row-1\.bin/)).toBeFocused()
    await keyboard.press('PageDown')
    await expect(row(page, /row-1\.bin/)).not.toBeFocused()
  })

  await suite.test('keeps the focus on a row while rows change, move and go', async (t) => {
    const page = await open(t)
    await row(page, /row-5\.bin/).focus()
    const [first] = (await daemon.list('search=row-1.bin')).downloads
    await daemon.ask('POST', `/api/download/${first?.id}/resume`)
    await expect(row(page, /row-1\.bin/)).toHaveCount(0)
    await expect(row(page, /row-5\.bin/)).toBeFocused()
    const [fifth] = (await daemon.list('search=row-5.bin')).downloads
    await daemon.ask('DELETE', `/api/download/${fifth?.id}`)
    await expect(row(page, /row-5\.bin/)).toHaveCount(0)
    await expect(row(page, /row-6\.bin/)).toBeFocused()
    await page.keyboard.press('d')
    await expect(row(page, /row-6\.bin/)).toHaveCount(0)
    await expect(row(page, /row-7\.bin/)).toBeFocused()
  })

  await suite.test('gives the focus a place when what had it goes or is switched off', async (t) => {
    const page = await open(t, { preferences: unhurried })
    const { keyboard } = page
    const remove = page.getByRole('menuitem', { name: 'Remove' })
    await row(page, /row-12\.bin/).focus()
    await keyboard.press('ContextMenu')
    await remove.focus()
    await keyboard.press('Enter')
    await expect(row(page, /row-12\.bin/)).toHaveCount(0)
    await expect(row(page, /row-13\.bin/)).toBeFocused()

    await keyboard.press('F6')
    await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused()
    await keyboard.press('Enter')
    await expect(row(page, /row-12\.bin/)).toBeVisible()
    await expect(row(page, /row-13\.bin/)).toBeFocused()

    await keyboard.press('Space')
    await page.getByRole('toolbar').getByRole('button', { name: 'Clear selection' }).focus()
    await keyboard.press('Enter')
    await expect(page.getByRole('toolbar')).toHaveCount(0)
    await expect(row(page, /row-13\.bin/)).toBeFocused()

    const id = await daemon.add(farm.plant('/runs.iso', 96 * MiB))
    t.after(() => daemon.ask('DELETE', `/api/download/${id}`))
    const all = page.getByRole('button', { name: 'Pause all' })
    await expect(all).toBeEnabled()
    await all.focus()
    await keyboard.press('Enter')
    await expect(all).toBeDisabled()
    await expect(all).toBeFocused()
    await daemon.becomes(id, 'paused')
  })

  await suite.test('goes from a menu into the dialog that it opens, and back to the row', async (t) => {
    const page = await open(t)
    await row(page, /row-9\.bin/).focus()
    await page.keyboard.press('ContextMenu')
    await page.getByRole('menuitem', { name: 'Limit speed…' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Limit speed' })
    await expect(dialog.getByRole('spinbutton')).toBeFocused()
    await expect(page.getByRole('menu')).toHaveCount(0)
    await page.keyboard.type('64')
    await page.keyboard.press('Enter')
    await expect(row(page, /row-9\.bin/)).toContainText('at most 64.0 KiB/s')
    await expect(dialog).toHaveCount(0)
    await expect(row(page, /row-9\.bin/)).toBeFocused()
  })

  await suite.test('shows the shortcuts on ?, and they rest while one types or a dialog is open', async (t) => {
    const page = await open(t)
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await expect(help).toContainText('Pause all')
    await page.keyboard.press('s')
    await page.keyboard.press('n')
    await expect(help).toBeVisible()
    assert.equal(new URL(page.url()).pathname, '/')
    await page.keyboard.press('Escape')
    await expect(help).toHaveCount(0)
    await page.keyboard.press('/')
    await page.keyboard.type('sad?')
    await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('sad?')
    await expect(help).toHaveCount(0)
    assert.equal(new URL(page.url()).pathname, '/')
    await page.keyboard.press('Tab')
    await page.keyboard.press('s')
    await expect(page).toHaveURL(/\/settings$/)
    await page.keyboard.press('f')
    await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused()
  })

  await suite.test('leads past the navigation with the first Tab, and shows where the focus is', async (t) => {
    const page = await open(t)
    await page.keyboard.press('Tab')
    const skip = page.getByRole('link', { name: 'Skip to content' })
    await expect(skip).toBeFocused()
    await expect(skip).toBeInViewport()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('main')).toBeFocused()
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab')
      const seen = await page.evaluate(() => {
        const { activeElement } = document
        if (activeElement === null || activeElement === document.body) return true
        const own = getComputedStyle(activeElement)
        const around = activeElement.parentElement && getComputedStyle(activeElement.parentElement)
        const has = (style: CSSStyleDeclaration | null): boolean =>
          style !== null &&
          ((style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none')
        return has(own) || has(around) || activeElement.outerHTML.slice(0, 200)
      })
      assert.equal(seen, true)
    }
  })
})
