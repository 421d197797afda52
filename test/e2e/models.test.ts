import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Page } from '@playwright/test'
import { modelIndex, ollamaModel } from '../support/model-fixture.ts'
import { startRegistry } from '../support/registry.ts'
import type { Registry } from '../support/registry.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { breaksNoRule, needsNoWidth } from './accessibility.ts'
import { MiB, addField, expect, row, startLab, tab, unhurried } from './open-page.ts'
import type { Lab } from './open-page.ts'

interface World extends Lab {
  readonly registry: Registry
  /** Folder of the Ollama store. */
  readonly store: string
  /** A pull as the API takes it. */
  pull(model: string, more?: Readonly<Record<string, unknown>>): Promise<string>
}

async function world(t: TestContext): Promise<World> {
  const registry = await startRegistry()
  t.after(() => registry[Symbol.asyncDispose]())
  await registry.push(ollamaModel({ name: 'large', size: 12 * MiB }))
  await registry.push(ollamaModel({ name: 'small', tag: '1b', seed: 7 }))
  await registry.push(modelIndex({ name: 'both' }))
  const store = join(temporaryFolder(t), 'store')
  const lab = await startLab(t, { env: { OLLAMA_MODELS: store } })
  const pull: World['pull'] = async (model, more = {}) => {
    const body = { model, registry: registry.url, ...more }
    const { id } = await lab.daemon.ask<{ id: string }>('POST', '/api/models/pull', body)
    return id
  }
  return { ...lab, registry, store, pull }
}

/** The row of an installed model. */
function installed(page: Page, name: string) {
  return page.getByRole('table', { name: 'Models' }).getByRole('row').filter({ hasText: name })
}

function options(page: Page) {
  return page.getByRole('group', { name: 'Options' })
}

test('models on the page', async (suite) => {
  const { daemon, registry, store, pull, open } = await world(suite)

  await suite.test(
    'the add field shows what a model comes to and pulls it, with its files, a pause and its end',
    async (t) => {
      const page = await open(t)
      await page.getByRole('button', { name: 'Options' }).click()
      await addField(page).fill('large')
      await options(page).getByRole('textbox', { name: 'Registry' }).fill(registry.url)
      await options(page).getByRole('textbox', { name: 'Speed limit' }).fill('100K')
      const form = page.getByRole('form', { name: 'Add' })
      await expect(form.getByText('12.0 MiB in 7 files', { exact: true })).toBeVisible()
      await expect(form.getByText('Goes into the Ollama store')).toBeVisible()
      await form.getByText('7 files', { exact: true }).click()
      await expect(form.getByRole('listitem').filter({ hasText: 'license 2' })).toContainText('to fetch')
      await addField(page).press('Enter')

      const name = `${registry.host}/library/large:latest`
      await row(page, name).click()
      const panel = page.getByRole('complementary', { name })
      const files = panel.getByRole('table', { name: 'Files' })
      await expect(files.getByRole('row')).toHaveCount(8)
      await expect(files.getByRole('row', { name: /^model/ })).toContainText(/Downloading \d+%/)
      await expect(files.getByRole('row', { name: /^template/ })).toContainText('Verified')
      await expect(panel.getByRole('img', { name: 'Map of the model' })).toHaveAccessibleDescription(
        /6 of 7 files are whole/,
      )
      await panel.getByRole('button', { name: 'Pause' }).click()
      await expect(panel).toContainText('Paused')
      await panel.getByRole('button', { name: 'Resume' }).click()
      await expect(files.getByRole('row', { name: /^model/ })).toContainText('Downloading')
      const [listed] = (await daemon.list('type=model')).downloads
      await daemon.ask('POST', `/api/download/${listed?.id}/limit`, { bytesPerSecond: 0 })

      await expect(panel.getByText('Installed in the Ollama store.', { exact: false })).toBeVisible()
      await expect(panel.getByText('Asking the registry for the model').first()).toBeVisible()
      await expect(panel.getByText('Putting it in its place')).toBeVisible()
      await tab(page, 'Completed').click()
      await expect(row(page, name)).toContainText('Verified')
    },
  )

  await suite.test('an installed model is found, verified, repaired and deleted', async (t) => {
    await daemon.becomes(await pull('small:1b'), 'completed')
    const page = await open(t, { at: '/libraries', preferences: unhurried })
    await expect(page.getByText('2 models, 12.3 MiB')).toBeVisible()
    await expect(page.getByText(store)).toBeVisible()
    const small = installed(page, 'small:1b')
    await expect(small).toContainText('1.2B')
    await expect(small).toContainText('Q8_0')
    await expect(small).toContainText('Complete')
    await page.getByRole('button', { name: 'Size' }).click()
    await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending')
    await expect(page.getByRole('rowheader').first()).toContainText('large')
    await page.getByRole('searchbox', { name: 'Search the models' }).fill('small')
    await expect(installed(page, 'large')).toHaveCount(0)

    await small.getByRole('button', { name: /^Verify / }).click()
    await expect(small).toContainText('Verified')
    await expect(page.getByText(/is verified: every blob/)).toHaveCount(1)

    damage(store, 300_000)
    await small.getByRole('button', { name: /^Verify / }).click()
    await expect(small).toContainText('Damaged: 1 blob')
    await small
      .getByRole('button', { name: /small:1b$/ })
      .first()
      .click()
    const details = page.getByRole('dialog', { name: /small:1b$/ })
    await expect(details.getByRole('row', { name: /^model/ })).toContainText('damaged')
    await details.getByRole('button', { name: 'Pull again' }).click()
    const form = page.getByRole('dialog', { name: 'Pull a model' })
    await expect(form.getByRole('textbox', { name: 'Model' })).toHaveValue(`${registry.host}/library/small:1b`)
    await form.getByRole('button', { name: 'Pull a model' }).click()
    await expect(form).toHaveCount(0)
    await expect(small).toContainText('Complete')
    await small.getByRole('button', { name: /^Verify / }).click()
    await expect(small).toContainText('Verified')

    await small.getByRole('button', { name: /^Delete / }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete model' }).click()
    await expect(page.getByText(/small:1b is deleted, 293.KiB are free again\./)).toBeVisible()
    await expect(small).toHaveCount(0)
    assert.equal(existsSync(join(store, 'manifests', registry.host, 'library/small/1b')), false)
  })

  await suite.test('a zip is made and installed, and the list follows', async (t) => {
    const page = await open(t, { at: '/libraries', preferences: unhurried })
    await page.getByRole('button', { name: 'Pull a model' }).click()
    const form = page.getByRole('dialog', { name: 'Pull a model' })
    await form.getByRole('textbox', { name: 'Model' }).fill('small:1b')
    await form.getByRole('textbox', { name: 'Registry' }).fill(registry.url)
    await form.getByRole('combobox', { name: 'Target' }).selectOption('zip')
    await expect(form.getByText('Becomes one zip')).toBeVisible()
    await form.getByRole('button', { name: 'Pull a model' }).click()
    await expect(page.getByText('small-1b.zip is complete')).toBeVisible()
    await expect(installed(page, 'small:1b')).toHaveCount(0)

    await page.getByRole('button', { name: 'Install from a zip' }).click()
    const zips = page.getByRole('dialog', { name: 'Install from a zip' })
    await expect(zips.getByRole('radio', { name: /small-1b\.zip/ })).toBeChecked()
    await zips.getByRole('button', { name: 'Install' }).click()
    await expect(page.getByText(/Installed .*small:1b: 293.KiB were new\.$/)).toBeVisible()
    await expect(installed(page, 'small:1b')).toContainText('Complete')
    await page.goto(`${daemon.origin}/completed`)
    await expect(row(page, 'small-1b.zip')).toContainText('Model as a zip')
  })

  await suite.test('what the registry has not is said with what to do', async (t) => {
    const page = await open(t, { expectedErrors: /404 .*\/api\/models\/preview$/ })
    const form = page.getByRole('form', { name: 'Add' })
    await page.getByRole('button', { name: 'Options' }).click()
    await addField(page).fill('not-there:1b')
    await options(page).getByRole('textbox', { name: 'Registry' }).fill(registry.url)
    await expect(form.getByText(/not found: not-there:1b/)).toBeVisible()
    await expect(form.getByText(/Check name and tag for typing errors/)).toBeVisible()
    await addField(page).fill('both')
    await options(page).getByLabel('Platform').fill('linux/riscv64')
    await form.getByRole('button', { name: 'linux/arm64/v8' }).click()
    await expect(options(page).getByLabel('Platform')).toHaveValue('linux/arm64/v8')
    await expect(form.getByRole('group', { name: 'What would be downloaded' })).toContainText('linux/arm64/v8')
    await addField(page).fill('not-there:1b')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(row(page, 'not-there:1b')).toContainText(/not found/)
    await expect(row(page, 'not-there:1b')).toContainText('Check name and tag')
    await daemon.ask('DELETE', `/api/download/${(await daemon.list('search=not-there')).downloads[0]?.id}`)
  })

  await suite.test('a model is pulled with nothing but the keyboard', async (t) => {
    const page = await open(t, { at: '/libraries' })
    const way = page.getByRole('button', { name: 'Pull a model' })
    for (let presses = 0; presses < 30 && !(await way.evaluate((one) => one === document.activeElement)); presses++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: 'Model' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: 'Model' })).toHaveAccessibleDescription(/Type the name of a model\./)
    await page.keyboard.type(`${registry.host}/library/both:latest`)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(way).toBeFocused()
    await expect(installed(page, 'both:latest')).toContainText('Complete')
  })

  // The page without models is looked at with the others, in every look.
  await breaksNoRule(
    suite,
    open,
    ['dark, desktop, right to left', 'light, phone, right to left'],
    async (page, check) => {
      const main = page.getByRole('main')
      const dialog = page.getByRole('dialog')
      const leave = async (): Promise<void> => {
        await page.keyboard.press('Escape')
        await expect(dialog).toHaveCount(0)
      }
      await page.goto(`${daemon.origin}/libraries`)
      await expect(main.locator('[data-model]').first()).toBeVisible()
      await main.locator('[data-model] [data-column=actions] button').first().click()
      await expect(main.locator('[data-model] [data-tone=good]').first()).toBeVisible()
      await check('models')
      await main.locator('[data-model] [aria-haspopup=dialog]').first().click()
      await expect(dialog.getByRole('table')).toBeVisible()
      await check('one model')
      await leave()
      const [, unzipWay, pullWay] = await main.locator('section button').all()
      await pullWay?.click()
      await dialog.getByRole('textbox').first().fill(`${registry.host}/library/small:1b`)
      await expect(dialog.locator('summary')).toBeVisible()
      await check('pull')
      await leave()
      await unzipWay?.click()
      await expect(page.getByRole('radio')).toBeVisible()
      await check('unzip')
      await leave()
      const [large] = (await daemon.list('search=large')).downloads
      await page.goto(`${daemon.origin}/completed?selected=${large?.id}`)
      await expect(page.getByRole('table').first()).toBeVisible()
      await check('details')
    },
  )

  await needsNoWidth(suite, open, ['/libraries'], (page) => expect(page.locator('[data-model]').first()).toBeVisible())
})

/** Changes one byte of the blob of that size. */
function damage(store: string, size: number): void {
  const path = readdirSync(join(store, 'blobs'))
    .map((name) => join(store, 'blobs', name))
    .find((one) => statSync(one).size === size)
  assert.ok(path !== undefined)
  writeFileSync(path, 'X', { flag: 'r+' })
}
