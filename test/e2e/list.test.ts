import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { MiB, expect, row, startLab, tab, unhurried } from './open-page.ts'

test('the list of downloads', async (suite) => {
  const { daemon, farm, open } = await startLab(suite)
  farm.rate = MiB / 32

  /** Downloads of their own for a test, removed after it. */
  async function plant(
    t: TestContext,
    names: readonly string[],
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<string[]> {
    const ids: string[] = []
    for (const [index, name] of names.entries()) {
      ids.push(await daemon.add(farm.plant(`/${name}`, (96 + index) * MiB), { connections: 1, ...more }))
    }
    t.after(async () => {
      const all = (await daemon.all()).map(({ id }) => id)
      if (all.length > 0) await daemon.ask('POST', '/api/downloads/bulk', { action: 'remove', ids: all })
    })
    return ids
  }

  await suite.test('counts in its tabs, and keeps tab, search, filters and order in the address', async (t) => {
    await plant(t, ['b.iso', 'a.iso', 'c.zip'], { paused: true })
    const page = await open(t)
    await expect(tab(page, 'Active')).toHaveAccessibleName('Active 3')
    await expect(tab(page, 'Queue')).toHaveAccessibleName('Queue 0')
    await page.getByRole('searchbox', { name: 'Search' }).fill('iso')
    await expect(row(page, 'c.zip')).toHaveCount(0)
    await page.getByRole('button', { name: /^Filters/ }).click()
    await page.getByRole('checkbox', { name: 'Paused' }).check()
    await page.getByRole('textbox', { name: 'Host' }).fill(new URL(farm.origin).host)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await expect(page).toHaveURL(/search=iso&status=paused&host=127\.0\.0\.1%3A\d+&sort=name/)
    const names = page.getByRole('row').filter({ hasText: '.iso' })
    await expect(names).toHaveText([/a\.iso/, /b\.iso/])
    await page.reload()
    await expect(names).toHaveText([/a\.iso/, /b\.iso/])
    await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('iso')
    await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending')
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await expect(names).toHaveText([/b\.iso/, /a\.iso/])
    await tab(page, 'Queue').click()
    await expect(page.getByText('Nothing matches')).toBeVisible()
    await page.goBack()
    await expect(names).toHaveText([/b\.iso/, /a\.iso/])
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await expect(page.getByRole('row')).toHaveCount(4)
  })

  await suite.test('is sorted by every column, in both directions', async (t) => {
    await plant(t, ['paused.iso'], { paused: true })
    await daemon.becomes(await daemon.add(farm.plant('/done.iso', 64)), 'completed')
    const url = farm.plant('/proved.iso', 64)
    const checksum = `sha256:${farm.content('/proved.iso').sha256()}`
    await daemon.becomes(await daemon.add(url, { checksum }), 'completed')
    await daemon.ask('PUT', '/api/settings', { autoStart: false })
    t.after(() => daemon.ask('PUT', '/api/settings', { autoStart: true }))
    await plant(t, ['waits.iso'])
    const page = await open(t)
    for (const [name, columns] of Object.entries({
      Active: ['Name', 'State', 'Size', 'Speed', 'Time left'],
      Queue: ['Name', 'State', 'Size', 'Priority', 'Added'],
      Completed: ['Name', 'State', 'Size', 'Check', 'Ended'],
      History: ['Name', 'State', 'Size', 'Average', 'Took', 'Ended'],
    })) {
      await tab(page, name).click()
      await expect(page.getByRole('columnheader').filter({ has: page.getByRole('button') })).toHaveText(columns)
      for (const column of columns) {
        const head = page.getByRole('columnheader', { name: column })
        const sorted = async (): Promise<string> => (await head.getAttribute('aria-sort')) ?? ''
        const before = await sorted()
        await head.getByRole('button').click()
        await expect.poll(sorted).toMatch(/^(?:a|de)scending$/)
        const first = await sorted()
        assert.notEqual(first, before)
        await head.getByRole('button').click()
        await expect.poll(sorted).toBe(first === 'ascending' ? 'descending' : 'ascending')
        if (name !== 'Completed' || !['Check', 'Ended'].includes(column)) continue
        // The one that was proved is the surer one, and the last to end.
        await expect(page.getByRole('row').filter({ hasText: '.iso' })).toHaveText([/done/, /proved/])
      }
    }
  })

  await suite.test('drops from the selection what completes, as it leaves the tab', async (t) => {
    const [small = '', large = ''] = await plant(t, ['ends.bin', 'stays.bin'])
    await daemon.becomes(small, 'active')
    await daemon.becomes(large, 'active')
    const page = await open(t)
    await row(page, 'ends.bin').focus()
    await page.keyboard.press('a')
    const bar = page.getByRole('toolbar')
    await expect(bar).toContainText('2 selected')
    await daemon.ask('POST', `/api/download/${large}/pause`)
    farm.rate = Infinity
    await daemon.becomes(small, 'completed')
    farm.rate = MiB / 32
    await expect(bar).toContainText('1 selected')
    await bar.getByRole('button', { name: 'Cancel' }).click()
    await expect(bar).toHaveCount(0)
    await expect(row(page, /s\.bin/)).toHaveCount(0)
    assert.ok((await daemon.get(small)).status === 'completed')
  })

  await suite.test('keeps filters under a name', async (t) => {
    await plant(t, ['kept.iso', 'other.zip'], { paused: true })
    const page = await open(t, { at: '/?type=iso' })
    await page.getByRole('button', { name: /^Filters/ }).click()
    await page.getByRole('textbox', { name: 'Name of these filters' }).fill('Images')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.keyboard.press('Escape')
    await page.goto(daemon.origin)
    await expect(row(page, 'other.zip')).toBeVisible()
    await page.getByRole('button', { name: /^Filters/ }).click()
    await page.getByRole('button', { name: 'Images', exact: true }).click()
    await expect(page).toHaveURL(/type=iso/)
    await expect(row(page, 'other.zip')).toHaveCount(0)
  })

  await suite.test('selects with Space, with Shift and all, and acts upon what is selected', async (t) => {
    await plant(t, ['s1.bin', 's2.bin', 's3.bin', 's4.bin'], { paused: true })
    const page = await open(t)
    const bar = page.getByRole('toolbar', { name: 'Actions for the selected downloads' })
    await row(page, 's1.bin').focus()
    await page.keyboard.press('Space')
    await expect(row(page, 's1.bin')).toHaveAttribute('aria-selected', 'true')
    await expect(bar).toContainText('1 selected')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await expect(bar).toContainText('3 selected')
    await expect(row(page, 's4.bin')).toHaveAttribute('aria-selected', 'false')
    await page.keyboard.press('Control+a')
    await expect(bar).toContainText('4 selected')
    await bar.getByRole('button', { name: 'Resume' }).click()
    await daemon.counts('active', 4)
    await expect(row(page, /s\d\.bin/).filter({ hasText: 'Downloading' })).toHaveCount(4)
    await expect(bar).toContainText('4 selected')
    await bar.getByRole('button', { name: 'Pause' }).click()
    await daemon.counts('paused', 4)
    await row(page, 's1.bin').click({ modifiers: ['Control'] })
    await expect(bar).toContainText('3 selected')
    await page.keyboard.press('Escape')
    await expect(bar).toHaveCount(0)
  })

  await suite.test('takes removed ones away at once, and brings them back on Undo', async (t) => {
    const [first = '', second = ''] = await plant(t, ['u1.bin', 'u2.bin'])
    await daemon.becomes(first, 'active')
    const page = await open(t, { preferences: unhurried })
    await row(page, 'u1.bin').focus()
    await page.keyboard.press('a')
    await page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click()
    await expect(row(page, /u\d\.bin/)).toHaveCount(0)
    await expect(page.getByText('2 downloads removed')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(row(page, /u\d\.bin/)).toHaveCount(2)
    await daemon.becomes(first, 'active')
    await daemon.becomes(second, 'active')

    await row(page, 'u2.bin').focus()
    await page.keyboard.press('Delete')
    await expect(row(page, 'u2.bin')).toHaveCount(0)
    assert.equal((await daemon.get(second)).id, second)
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(async () => (await daemon.list('search=u2')).total).toBe(0)
  })

  await suite.test('cancels a few seconds later than it says, so that Undo goes on with the download', async (t) => {
    const [id = ''] = await plant(t, ['c1.bin'])
    const page = await open(t, { preferences: unhurried })
    await row(page, 'c1.bin').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Cancel' }).click()
    await expect(page.getByText('Cancelled c1.bin')).toBeVisible()
    await daemon.becomes(id, 'paused')
    await page.getByRole('button', { name: 'Undo' }).click()
    await daemon.becomes(id, 'active')
    await expect(row(page, 'c1.bin')).toContainText('Downloading')
  })

  await suite.test('changes priority, place and limit from the menu of a row, and copies its link', async (t) => {
    await daemon.ask('PUT', '/api/settings', { maxConcurrent: 1 })
    t.after(() => daemon.ask('PUT', '/api/settings', { maxConcurrent: 4 }))
    const [, , third = ''] = await plant(t, ['m1.bin', 'm2.bin', 'm3.bin', 'm4.bin'])
    const page = await open(t, {
      at: '/queue',
      preferences: unhurried,
      context: { permissions: ['clipboard-read', 'clipboard-write'] },
    })
    const names = page.getByRole('row').filter({ hasText: '.bin' })
    await expect(names).toHaveText([/m2/, /m3/, /m4/])
    const choose = async (name: string) => {
      await row(page, 'm3.bin').getByRole('button', { name: 'More actions for m3.bin' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await choose('Move to bottom')
    await expect(names).toHaveText([/m2/, /m4/, /m3/])
    await choose('Move up')
    await expect(names).toHaveText([/m2/, /m3/, /m4/])
    await choose('Priority…')
    await page.getByRole('dialog').getByRole('spinbutton', { name: 'Priority' }).fill('8')
    await page.getByRole('button', { name: 'Set priority' }).click()
    await expect(names).toHaveText([/m3/, /m2/, /m4/])
    await choose('Limit speed…')
    await page.getByRole('dialog').getByRole('spinbutton', { name: 'At most' }).fill('600')
    await page.getByRole('button', { name: 'Set limit' }).click()
    await expect(row(page, 'm3.bin')).toContainText('at most 600 KiB/s')
    const { priority, speedLimit } = await daemon.get(third)
    assert.deepEqual({ priority, speedLimit }, { priority: 8, speedLimit: 600 * 1024 })
    await choose('Copy link')
    await expect(page.getByText('Link copied')).toBeVisible()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${farm.origin}/m3.bin`)
  })

  await suite.test('says what failed and what to do, and tries again', async (t) => {
    const url = farm.plant('/broken.bin', 64, 'missing')
    const id = await daemon.add(url)
    await daemon.becomes(id, 'error')
    const page = await open(t)
    await expect(row(page, 'broken.bin')).toContainText('The server answered 404: there is no such file.')
    await expect(row(page, 'broken.bin')).toContainText('Check the address for typing errors')
    farm.plant('/broken.bin', 64)
    await row(page, 'broken.bin').getByRole('button', { name: 'Retry broken.bin' }).click()
    await daemon.becomes(id, 'completed')
    await expect(row(page, 'broken.bin')).toHaveCount(0)
  })

  await suite.test(
    'tells when a completed file is gone, fetches it again, and asks before a file is deleted',
    async (t) => {
      const id = await daemon.add(farm.plant('/lost.bin', 64))
      const { path } = await daemon.becomes(id, 'completed')
      const before = (await daemon.list('status=completed&limit=1')).total
      rmSync(path)
      const page = await open(t, { at: '/completed' })
      // Looked at from near, it is looked after.
      await row(page, 'lost.bin').click()
      await expect(page.getByText('The file is no longer where it was saved.')).toBeVisible()
      await expect(row(page, 'lost.bin')).toContainText('The file is no longer where it was put.')
      await row(page, 'lost.bin').getByRole('button', { name: 'Download lost.bin again' }).click()
      await daemon.counts('completed', before + 1)

      const again = row(page, 'lost.bin').filter({ hasText: 'Completed' })
      await again.click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Remove with file…' }).click()
      const question = page.getByRole('alertdialog', { name: 'Delete the file too?' })
      await expect(question).toContainText('lost.bin leaves the list, and the file is deleted from the disk.')
      await question.getByRole('button', { name: 'Back' }).click()
      await expect(again).toHaveCount(1)
    },
  )
})
