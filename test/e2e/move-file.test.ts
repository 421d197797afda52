import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { problems } from './accessibility.ts'
import { expect, row, startLab } from './open-page.ts'

test('the menu of a finished file moves it, and says what cannot be', async (t) => {
  const { daemon, farm, open } = await startLab(t)
  const id = await daemon.add(farm.plant('/film.bin', 64))
  await daemon.becomes(id, 'completed')
  const page = await open(t, { at: '/completed', expectedErrors: /(?:400|409) .*\/move-file$/ })
  const ask = async () => {
    await row(page, 'film').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Move file…' }).click()
  }
  await ask()
  const dialog = page.getByRole('dialog', { name: 'Move file' })
  const folder = dialog.getByRole('textbox', { name: 'Folder' })
  await expect(folder).toBeFocused()
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('film.bin')
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(folder).toHaveAccessibleDescription(/Give a folder or another name\./)
  await folder.fill('../outside')
  await folder.press('Enter')
  await expect(folder).toHaveAccessibleDescription(/leads out of the folder for downloads/)
  assert.deepEqual(await problems(page, 'dialog'), [])
  await folder.fill('films/2026')
  await folder.press('Enter')
  await expect(dialog).toHaveCount(0)
  const path = join(daemon.dir, 'films/2026/film.bin')
  await expect(page.getByText(`The file is now ${path}.`)).toBeVisible()
  assert.deepEqual([(await daemon.get(id)).path, existsSync(path)], [path, true])

  writeFileSync(join(daemon.dir, 'taken.bin'), 'mine')
  await ask()
  await folder.fill('.')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('taken.bin')
  await dialog.getByRole('combobox', { name: 'When the file exists' }).selectOption({ label: 'Stop with an error' })
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('There is a file already')
  await dialog.getByRole('combobox', { name: 'When the file exists' }).selectOption({ label: 'Keep both' })
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(row(page, 'taken (1).bin')).toBeVisible()
  assert.equal(existsSync(path), false)
})
