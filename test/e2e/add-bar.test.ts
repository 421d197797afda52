import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MiB, addField, expect, row, startLab, tab } from './open-page.ts'

test('the add bar', async (suite) => {
  const { daemon, farm, open } = await startLab(suite)
  farm.rate = MiB / 2

  await suite.test('shows what a link leads to while one types, and Enter adds it', async (t) => {
    const url = farm.plant('/preview.iso', 3 * MiB)
    const page = await open(t)
    await addField(page).fill(url)
    await expect(page.getByText('Link', { exact: true }).filter({ visible: true })).toHaveCount(1)
    const form = page.getByRole('form', { name: 'Add' })
    for (const fact of ['preview.iso', '3.00 MiB', 'Can be resumed', 'No checksum']) {
      await expect(form.getByText(fact, { exact: true })).toBeVisible()
    }
    await expect(form.getByText(/^then .* free$/)).toBeVisible()
    await addField(page).press('Enter')
    await expect(row(page, 'preview.iso')).toBeVisible()
    await expect(addField(page)).toHaveValue('')
    await expect(addField(page)).toBeFocused()
  })

  await suite.test('says what the server answered, and adds all the same', async (t) => {
    const page = await open(t, { expectedErrors: /502 .*\/api\/preview$/ })
    await addField(page).fill(`${farm.origin}/not-there.bin`)
    await expect(page.getByText('The server answered 404: there is no such file.')).toBeVisible()
    await expect(page.getByText('It can be added anyway.')).toBeVisible()
    await addField(page).press('Enter')
    await expect(row(page, 'not-there.bin')).toContainText('Failed')
    await expect(addField(page)).toHaveValue('')
  })

  await suite.test(
    'adds the good ones of many lines and tells what is wrong with the others by their line',
    async (t) => {
      const page = await open(t)
      const good = [farm.plant('/batch-1.bin', 10), farm.plant('/batch-2.bin', 20)]
      await addField(page).fill(`${good[0]}\nftp://example.org/file\n# a remark\n${good[1]}\nhttps://`)
      await expect(page.getByText('2 downloads are ready', { exact: true })).toBeVisible()
      await expect(page.getByText('2 lines have a problem')).toBeVisible()
      const problem = page.getByRole('form').getByRole('listitem')
      await expect(problem.filter({ hasText: 'Line 2:' })).toContainText('ftp:')
      await expect(problem.filter({ hasText: 'Line 5:' })).toBeVisible()
      await addField(page).press('Control+Enter')
      await expect(page.getByText('2 added, 2 not')).toBeVisible()
      await expect(addField(page)).toHaveValue(/ftp:\/\/example\.org\/file/)
      await expect(addField(page)).not.toHaveValue(/batch-1/)
      await expect.poll(async () => (await daemon.list('search=batch-&status=completed')).total).toBe(2)
    },
  )

  await suite.test('asks what to do with a link that is listed already', async (t) => {
    const url = farm.plant('/twice.bin', 64)
    await daemon.becomes(await daemon.add(url), 'completed')
    const page = await open(t)
    await addField(page).fill(url)
    await addField(page).press('Enter')
    await expect(page.getByText('It is listed already.')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Show it' })).toBeFocused()
    assert.equal((await daemon.list('search=twice')).total, 1)
    await page.getByRole('button', { name: 'Add again' }).click()
    await expect(addField(page)).toHaveValue('')
    await expect.poll(async () => (await daemon.list('search=twice')).total).toBe(2)

    await addField(page).fill(url)
    await page.getByRole('button', { name: 'Show it' }).click()
    await expect(page).toHaveURL(/\/completed\?.*selected=/)
  })

  await suite.test('takes name, folder, priority, limit, checksum and headers with the link', async (t) => {
    const url = farm.plant('/plain.bin', 9 * MiB)
    const page = await open(t)
    await addField(page).fill(url)
    await page.getByRole('button', { name: 'Options' }).click()
    const options = page.getByRole('group', { name: 'Options' })
    await options.getByRole('textbox', { name: 'Name', exact: true }).fill('renamed.bin')
    await options.getByRole('textbox', { name: 'Folder' }).fill('images/2026')
    await options.getByRole('combobox', { name: 'Priority' }).selectOption('9')
    await options.getByRole('textbox', { name: 'Speed limit' }).fill('600K')
    await options.getByRole('textbox', { name: 'Headers' }).fill('X-Ticket: 4711')
    await options.getByRole('textbox', { name: 'Checksum' }).fill('abc')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const checksum = options.getByRole('textbox', { name: 'Checksum' })
    await expect(checksum).toHaveAccessibleDescription(/This is not a checksum of a known length\./)
    await expect(checksum).toBeFocused()
    await checksum.fill('0'.repeat(64))
    await expect(options.getByText('Taken as SHA-256')).toBeVisible()
    await page.getByRole('button', { name: 'Add', exact: true }).click()

    await expect(row(page, 'renamed.bin')).toBeVisible()
    const [added] = (await daemon.list('search=renamed')).downloads
    assert.equal(added?.priority, 9)
    assert.equal(added?.speedLimit, 600 * 1024)
    const { path } = await daemon.becomes(added?.id ?? '', 'active')
    assert.equal(path, `${daemon.dir}/images/2026/renamed.bin`)
    assert.ok(farm.requests.some((request) => request.path === '/plain.bin' && request.headers['x-ticket'] === '4711'))
    farm.rate = Infinity
    await daemon.api('POST', `/api/download/${added?.id}/limit`, { bytesPerSecond: 0 })
    await expect(row(page, 'renamed.bin')).toContainText('Compare it with its source', { timeout: 10_000 })
    farm.rate = MiB / 2
  })

  await suite.test('takes what is pasted anywhere on any page', async (t) => {
    const page = await open(t, { at: '/statistics' })
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'https://example.org/pasted.zip')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await expect(addField(page)).toHaveValue('https://example.org/pasted.zip')
    await expect(addField(page)).toBeFocused()
    await expect(tab(page, 'Active')).toBeVisible()
  })

  await suite.test('takes a list file that is dropped, and refuses one that is no list', async (t) => {
    const page = await open(t)
    const drop = async (name: string, type: string, content: string) => {
      const dataTransfer = await page.evaluateHandle(
        (file) => {
          const transfer = new DataTransfer()
          transfer.items.add(new File([file[2]], file[0], { type: file[1] }))
          return transfer
        },
        [name, type, content] as const,
      )
      await page.getByRole('main').dispatchEvent('drop', { dataTransfer })
    }
    await drop('picture.png', 'image/png', '\u0000\u0001\u0002')
    await expect(page.getByText('picture.png is not a list of links. To fetch files, drop their links.')).toBeVisible()
    await drop('links.txt', 'text/plain', 'https://example.org/1\nhttps://example.org/2\n')
    await expect(page.getByText('2 downloads are ready', { exact: true })).toBeVisible()
  })
})
