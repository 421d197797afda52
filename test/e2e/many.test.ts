import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect, row, startLab, tab } from './open-page.ts'

test('ten thousand downloads', async (suite) => {
  const { daemon, open } = await startLab(suite)
  await daemon.ask('PUT', '/api/settings', { autoStart: false })
  const { added } = await daemon.ask<{ added: string[] }>('POST', '/api/downloads/batch', {
    items: Array.from({ length: 10_000 }, (_, i) => ({ url: `http://127.0.0.1:9/file-${i + 1}.bin` })),
  })
  assert.equal(added.length, 10_000)

  await suite.test('are few elements, also while one scrolls, and can all be selected', async (t) => {
    const page = await open(t, { at: '/queue' })
    await expect(tab(page, 'Queue')).toHaveAccessibleName('Queue 10,000')
    await expect(row(page, 'file-1.bin').first()).toBeVisible()
    await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '10001')
    const elements = await page.evaluate(() => document.querySelectorAll('*').length)
    assert.ok(elements < 8000, `${elements} elements`)

    const most = await page.evaluate(async () => {
      const scroller = [...document.querySelectorAll('*')]
        .filter((one) => one.scrollHeight > one.clientHeight + 1000)
        .sort((a, b) => b.scrollHeight - a.scrollHeight)[0]
      if (scroller === undefined) return { elements: Infinity, empty: Infinity }
      const seen = { elements: 0, empty: 0 }
      for (let i = 0; i < 120; i++) {
        scroller.scrollTop += 400
        await new Promise(requestAnimationFrame)
        await new Promise(requestAnimationFrame)
        const box = scroller.getBoundingClientRect()
        const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        seen.elements = Math.max(seen.elements, document.querySelectorAll('*').length)
        if (middle?.closest('[role=row]') === null) seen.empty++
      }
      return seen
    })
    // How many frames a second that gives depends on the machine; what each of them costs does not.
    assert.ok(most.elements < 8000, `${most.elements} elements while it scrolls`)
    assert.ok(most.empty <= 12, `no row in the middle of ${most.empty} of 120 frames`)

    await page.getByRole('row').nth(3).focus()
    await page.keyboard.press('End')
    await expect(row(page, 'file-10000.bin')).toBeFocused()
    await page.keyboard.press('Control+a')
    await expect(page.getByRole('toolbar')).toContainText('10,000 selected')
    await page.keyboard.press('Escape')
    await page.keyboard.press('f')
    await page.keyboard.type('file-9999')
    await expect(page.getByRole('row').filter({ hasText: '.bin' })).toHaveCount(1)
  })
})
