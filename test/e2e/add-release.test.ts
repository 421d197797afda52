import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Download } from '../../src/server/api-types.ts'
import { limited, startFakeGithub } from '../support/fake-github.ts'
import { problems } from './accessibility.ts'
import { addField, expect, startLab } from './open-page.ts'

const linux = 'tool-1.2.3-linux-x86_64.tar.gz'

test('releases in the add bar', async (suite) => {
  const github = await startFakeGithub()
  suite.after(() => github.close())
  github.publish('acme/tool', {
    tag: 'v1.2.3',
    assets: { [linux]: 'for linux', 'tool-1.2.3-macos-arm64.tar.gz': 'for mac', [`${linux}.asc`]: 'signed' },
  })
  github.publish('acme/twins', {
    tag: 'v1',
    assets: { 'twins-notes.txt': 'n', 'twins-red-linux-x64.tgz': 'red', 'twins-tan-linux-x64.tgz': 'tan' },
  })
  const { daemon, open } = await startLab(suite, { env: github.env })

  /** Its name is known once it was found. */
  const completed = async (name: string): Promise<Download> => {
    const find = async () => (await daemon.list(`search=${name}`)).downloads[0]
    await expect.poll(async () => (await find())?.status).toBe('completed')
    const found = await find()
    assert.ok(found)
    return found
  }

  await suite.test('show the file for a platform, and Enter adds it', async (t) => {
    const page = await open(t)
    const form = page.getByRole('form', { name: 'Add' })
    await addField(page).fill('acme/tool')
    await expect(page.getByText('GitHub release', { exact: true }).filter({ visible: true })).toHaveCount(1)
    await page.getByRole('button', { name: 'Options' }).click()
    const options = page.getByRole('group', { name: 'Options' })
    await options.getByRole('combobox', { name: 'Platform' }).fill('linux/amd64')
    const preview = form.getByRole('group', { name: 'What would be downloaded' })
    for (const fact of [linux, 'acme/tool v1.2.3', '9 B', 'Checksum known'])
      await expect(preview.getByText(fact, { exact: true })).toBeVisible()
    await expect(options.getByRole('textbox', { name: 'Headers' })).toHaveCount(0)
    await options.getByRole('textbox', { name: 'Folder' }).fill('tools')
    await addField(page).press('Enter')
    await expect(addField(page)).toHaveValue('')
    const { kind, path, verdict } = await completed(linux)
    assert.deepEqual([kind, path, verdict], ['release', join(daemon.dir, 'tools', linux), 'verified'])
    assert.equal(readFileSync(path, 'utf8'), 'for linux')
    await options.getByRole('textbox', { name: 'Folder' }).fill('')
    await addField(page).fill('https://github.com/acme/tool/releases/tag/v1.2.3')
    await preview.getByRole('combobox', { name: 'File of the release' }).selectOption('tool-1.2.3-macos-arm64.tar.gz')
    await expect(preview.getByText('7 B', { exact: true })).toBeVisible()
    await addField(page).press('Enter')
    await expect(addField(page)).toHaveValue('')
    await completed('macos-arm64')
  })

  await suite.test('let a person choose where several fit, and guess nothing', async (t) => {
    const page = await open(t)
    await addField(page).fill('acme/twins@v1')
    await page.getByRole('button', { name: 'Options' }).click()
    await page.getByRole('group', { name: 'Options' }).getByRole('combobox', { name: 'Platform' }).fill('linux/amd64')
    await page.getByRole('button', { name: 'Options' }).click()
    const preview = page.getByRole('group', { name: 'What would be downloaded' })
    await expect(preview).toContainText(
      'v1 of acme/twins has 2 files for linux/amd64: twins-red-linux-x64.tgz, twins-tan-linux-x64.tgz.',
    )
    const file = preview.getByRole('combobox', { name: 'File of the release' })
    await expect(file.getByRole('option')).toHaveText([
      'Not chosen yet',
      'twins-red-linux-x64.tgz (3 B)',
      'twins-tan-linux-x64.tgz (3 B)',
      'twins-notes.txt (1 B)',
    ])
    await addField(page).press('Enter')
    await expect(file).toBeFocused()
    assert.equal((await daemon.list('search=twins')).total, 0)
    assert.deepEqual(await problems(page, 'undecided'), [])
    await file.selectOption('twins-tan-linux-x64.tgz')
    await expect(preview.getByText('twins-tan-linux-x64.tgz', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(addField(page)).toHaveValue('')
    await completed('twins-tan')
    await addField(page).fill('acme/twins@v1')
    await expect(preview).toContainText('has 2 files for linux/amd64')
  })

  await suite.test('say why there is none', async (t) => {
    const page = await open(t, { expectedErrors: /(?:404|503) .*\/api\/preview$/ })
    const preview = page.getByRole('group', { name: 'What would be downloaded' })
    await addField(page).fill('acme/nothing')
    await expect(preview).toContainText('There is no repository acme/nothing.')
    await expect(preview).toContainText('as in owner/model:latest')
    github.behaviour.api = () => limited(1800)
    await addField(page).fill('acme/other')
    await expect(preview).toContainText(/The rate limit of \S+ is used up\./)
    await expect(preview).toContainText('GITHUB_TOKEN')
    github.behaviour.api = () => undefined
  })
})
