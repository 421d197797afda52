import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MiB, expect, row, startLab } from './open-page.ts'

test('the details of a download', async (suite) => {
  const { daemon, farm, open } = await startLab(suite)
  farm.rate = MiB / 8

  await suite.test('open by Enter and show the map, speeds, connections, facts and what happened', async (t) => {
    const id = await daemon.add(farm.plant('/near.iso', 960 * MiB), { connections: 3 })
    await daemon.becomes(id, 'active')
    const page = await open(t)
    await row(page, 'near.iso').focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('complementary', { name: 'near.iso' })
    await expect(panel).toBeVisible()
    await expect(page).toHaveURL(new RegExp(`selected=${id}`))
    const map = panel.getByRole('img', { name: 'Map of the file' })
    await expect(map).toHaveAccessibleDescription(/is here \(.* of 960.MiB\).*3 connections fetch\./)
    await expect(panel.getByRole('img', { name: 'Speed over the last five minutes' })).toBeVisible()
    const connections = panel.getByRole('table', { name: 'Connections' })
    await expect(connections.getByRole('row')).toHaveCount(4)
    await expect(connections).toContainText('KiB/s')
    await expect(panel).toContainText(farm.origin)
    await expect(panel.getByText('Added to the queue')).toBeVisible()
    await expect(panel.getByText('Started', { exact: false }).last()).toBeVisible()

    await panel.getByRole('button', { name: 'Pause' }).click()
    await expect(panel).toContainText('Paused')
    await panel.getByRole('button', { name: 'Change the speed limit' }).click()
    await panel.getByRole('textbox', { name: 'Speed limit' }).fill('600K')
    await page.keyboard.press('Enter')
    await expect(panel.getByText('Speed limit set to 600 KiB/s')).toBeVisible()
    assert.equal((await daemon.get(id)).speedLimit, 600 * 1024)
  })

  await suite.test('keep the width that was chosen by keyboard, and give the focus back to their row', async (t) => {
    const id = await daemon.add(farm.plant('/wide.bin', 64), { paused: true })
    const page = await open(t)
    await row(page, 'wide.bin').focus()
    await page.keyboard.press('Enter')
    const edge = page.getByRole('separator', { name: 'Width of the details' })
    await expect(edge).toHaveAttribute('aria-valuenow', '420')
    await edge.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await expect(edge).toHaveAttribute('aria-valuenow', '452')
    await page.reload()
    await expect(edge).toHaveAttribute('aria-valuenow', '452')
    const box = await page.getByRole('complementary').boundingBox()
    assert.equal(Math.round(box?.width ?? 0), 452)
    const list = await page.getByRole('main').boundingBox()
    assert.ok((list?.x ?? 0) + (list?.width ?? 0) <= (box?.x ?? 0) + 1, 'the list is not covered')
    await page.getByRole('button', { name: 'Close the details' }).focus()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('complementary')).toHaveCount(0)
    await expect(row(page, 'wide.bin')).toBeFocused()
    assert.equal(new URL(page.url()).searchParams.get('selected'), null)
    await daemon.ask('DELETE', `/api/download/${id}`)
  })

  await suite.test('tell of a finished one what was checked, with its digest to copy', async (t) => {
    const path = '/sure.bin'
    const url = farm.plant(path, 4096)
    const digest = farm.content(path).sha256()
    await daemon.becomes(await daemon.add(url, { checksum: `sha256:${digest}` }), 'completed')
    const page = await open(t, {
      at: '/completed',
      context: { permissions: ['clipboard-read', 'clipboard-write'] },
    })
    await expect(row(page, 'sure.bin')).toContainText('Verified')
    await row(page, 'sure.bin').click()
    const panel = page.getByRole('complementary', { name: 'sure.bin' })
    await panel.getByRole('button', { name: /^Copy: SHA-?256/i }).click()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), digest)
  })

  await suite.test('say so when the download is no longer there', async (t) => {
    const page = await open(t, { at: '/?selected=dl-0000000000000000', expectedErrors: /404/ })
    await expect(page.getByText('No longer here')).toBeVisible()
  })

  await suite.test('are a sheet on a phone that closes by its button', async (t) => {
    await daemon.add(farm.plant('/sheet.bin', 64), { paused: true })
    const page = await open(t, { context: { viewport: { width: 390, height: 800 }, hasTouch: true } })
    await row(page, 'sheet.bin').tap()
    const sheet = page.getByRole('dialog', { name: 'sheet.bin' })
    await expect(sheet).toBeVisible()
    await sheet.getByRole('button', { name: 'Close the details' }).tap()
    await expect(sheet).toHaveCount(0)
  })
})
