import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from '@playwright/test'
import { MiB, expect, row, startLab, tab } from './open-page.ts'

test('a newcomer on the page', async (suite) => {
  const { daemon, farm, open } = await startLab(suite)

  await suite.test(
    'drops three links, watches, pauses, resumes, finds one in the history and exports it',
    async (t) => {
      // A minute and more for each, until it is let go.
      farm.rate = MiB / 32
      const urls = ['one.iso', 'two.zip', 'three.pdf'].map((name) => farm.plant(`/${name}`, 24 * MiB))
      const page = await open(t)
      await expect(page.getByText('Nothing is running')).toBeVisible()

      await page.getByRole('main').dispatchEvent('drop', { dataTransfer: await transferOf(page, urls) })
      await expect(page.getByText('3 downloads are ready', { exact: true })).toBeVisible()
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      for (const name of ['one.iso', 'two.zip', 'three.pdf']) {
        const progress = row(page, name).getByRole('progressbar')
        await expect(progress).toHaveAccessibleName(`Progress of ${name}`)
        await expect(progress).toHaveAttribute('aria-valuetext', /\d+\s?%, .* of 24\.0.MiB/)
      }
      await expect(tab(page, 'Active')).toContainText('3')
      await expect(row(page, 'one.iso')).toContainText(/KiB\/s/)

      await row(page, 'two.zip').getByRole('button', { name: 'Pause two.zip' }).click()
      await expect(row(page, 'two.zip')).toContainText('Paused')
      const [two] = (await daemon.list('search=two.zip')).downloads
      await daemon.becomes(two?.id ?? '', 'paused')
      await row(page, 'two.zip').getByRole('button', { name: 'Resume two.zip' }).click()
      await expect(row(page, 'two.zip')).toContainText('Downloading')

      farm.rate = Infinity
      await expect(page.getByText('Nothing is running')).toBeVisible()
      await expect(tab(page, 'Completed')).toContainText('3')
      await tab(page, 'History').click()
      await expect(page.getByRole('row')).toHaveCount(4)
      await page.getByRole('searchbox', { name: 'Search' }).fill('three')
      await expect(row(page, 'one.iso')).toHaveCount(0)
      await expect(row(page, 'three.pdf')).toContainText('Completed')

      const downloading = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export CSV' }).click()
      const download = await downloading
      assert.match(download.suggestedFilename(), /\.csv$/)
      const lines = readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\r\n')
      assert.equal(lines.length, 2)
      assert.match(lines[1] ?? '', /three\.pdf/)
    },
  )

  await suite.test('loads less than 200 kB before anything is clicked', async (t) => {
    const page = await open(t)
    await expect(tab(page, 'History')).toHaveAccessibleName(/History \d/)
    await expect(page.getByText('Nothing is running')).toBeVisible()
    const weight = await page.evaluate(() => {
      const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      // What comes when the page is calm may be on its way by now.
      const calm = performance.getEntriesByName('calm')[0]?.startTime ?? Infinity
      return all
        .filter(({ startTime }) => startTime < calm)
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0)
    })
    assert.ok(weight > 50_000 && weight < 200_000, `${weight} bytes`)
  })
})

/** What a browser hands over when links are dropped on a page. */
function transferOf(page: Page, urls: readonly string[]) {
  return page.evaluateHandle((lines) => {
    const transfer = new DataTransfer()
    transfer.setData('text/uri-list', lines)
    transfer.setData('text/plain', lines)
    return transfer
  }, urls.join('\r\n'))
}
