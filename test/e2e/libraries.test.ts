import assert from 'node:assert/strict'
import { existsSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Page } from '@playwright/test'
import type { LlamaCache } from '../../src/server/api-types.ts'
import { limited, startFakeGithub } from '../support/fake-github.ts'
import type { FakeGithub } from '../support/fake-github.ts'
import { llama, releaseFiles } from '../support/library-lab.ts'
import { realArchive } from '../support/llama-archives.ts'
import { noRealLibrary, realTag } from '../support/llama-library.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { breaksNoRule, needsNoWidth } from './accessibility.ts'
import { MiB, addField, expect, row, startLab, tab, unhurried } from './open-page.ts'
import type { Lab } from './open-page.ts'

interface World extends Lab {
  readonly github: FakeGithub
  /** A download as the API takes it, to its end. */
  have(version: string, more?: Readonly<Record<string, unknown>>): Promise<string>
  cache(): Promise<LlamaCache>
}

const older = 'b11400'
/** The real libraries; those of `older` are texts that nothing can load. */
const real = `${realTag} linux/amd64 cpu`

async function world(t: TestContext): Promise<World> {
  const github = await startFakeGithub()
  t.after(() => github.close())
  const usual = `llama-${realTag}-bin-ubuntu-x64.tar.gz`
  github.publish(llama, { tag: older, assets: releaseFiles(older) })
  github.publish(llama, { tag: realTag, assets: { ...releaseFiles(realTag), [usual]: await realArchive() } })
  github.publish(llama, { tag: 'v0.6.0', assets: { 'nightly-tag.txt': `${realTag}\n` } })
  const root = temporaryFolder(t)
  const folders = { SLUICE_LLAMA_CACHE_DIR: join(root, 'llama'), OLLAMA_MODELS: join(root, 'store') }
  const lab = await startLab(t, { env: { ...github.env, ...folders } })
  const have: World['have'] = async (version, more = {}) => {
    const body = { version, platforms: ['linux/amd64'], variant: 'cpu', ...more }
    const { id } = await lab.daemon.ask<{ id: string }>('POST', '/api/llama/download', body)
    await lab.daemon.becomes(id, 'completed')
    return id
  }
  return { ...lab, github, have, cache: () => lab.daemon.ask<LlamaCache>('GET', '/api/llama/cache') }
}

/** The row of an installed build. */
function installed(page: Page, name: string) {
  return page.locator(`[data-library="${name}"]`)
}

function button(page: Page, name: string, action: 'Try' | 'Verify' | 'Remove') {
  return installed(page, name).getByRole('button', { name: new RegExp(`^${action} `) })
}

test('libraries on the page', { skip: noRealLibrary }, async (suite) => {
  const { daemon, github, have, cache, open } = await world(suite)
  const speedLimit = (bytes: number) => daemon.ask('PUT', '/api/settings', { speedLimit: bytes })

  await suite.test('the form says what a version is and downloads it, with its progress and its end', async (t) => {
    const page = await open(t, { at: '/libraries' })
    const machine = page.getByRole('region', { name: 'What this machine can use' })
    await expect(machine).toContainText('Builds for linux/amd64, in this order:')
    await expect(machine.getByRole('listitem').filter({ hasText: 'The CPU always works.' })).toContainText('cpu')
    await expect(page.getByText('No libraries yet')).toBeVisible()

    await page.getByRole('button', { name: 'Download libraries' }).click()
    const form = page.getByRole('dialog', { name: 'Download llama.cpp' })
    const version = form.getByRole('combobox', { name: 'Version' })
    await expect(version).toHaveValue('latest')
    await expect(form.getByText(`latest is ${realTag} now`)).toBeVisible()
    await expect(form.locator(`datalist option[value=${older}]`)).toHaveCount(1)
    await version.fill('0.6')
    await form.getByRole('button', { name: 'Download', exact: true }).click()
    await expect(version).toHaveAccessibleDescription(/^Write latest, nightly, a build such as b6089/)
    await expect(version).toBeFocused()
    await version.fill('latest')
    await expect(form.getByRole('checkbox', { name: 'linux/amd64 (this machine)' })).toBeChecked()
    await form.getByRole('checkbox', { name: 'windows/arm64' }).check()
    await expect(form.getByRole('combobox', { name: 'Variant' })).toHaveAccessibleDescription(
      /The best for this machine: cpu\. The CPU always works\./,
    )
    const preview = form.getByRole('group', { name: 'What would be downloaded' })
    await expect(preview).toContainText('llama.cpp latest linux-amd64, windows-arm64')
    await expect(preview).toContainText('4.55')
    await expect(preview).toContainText('Checksum known')

    await speedLimit(MiB / 16)
    await form.getByRole('button', { name: 'Download', exact: true }).click()
    await expect(form).toHaveCount(0)
    const running = page.getByRole('region', { name: 'Libraries on their way' })
    const builds = running.getByRole('list', { name: `Builds of llama.cpp ${realTag} linux-amd64, windows-arm64` })
    await expect(builds.getByRole('listitem').filter({ hasText: 'linux/amd64 cpu' })).toContainText(/Downloading \d+%/)
    await expect(builds.getByRole('listitem').filter({ hasText: 'windows/arm64 cpu' })).toContainText('Verified')
    await speedLimit(0)
    await expect(installed(page, real)).toContainText('Installed')
    await expect(running).toHaveCount(0)
    await expect(page.getByText(/^2 builds of llama\.cpp, 13\.\d.MiB$/)).toBeVisible()
    // Of another system: it cannot be tried here.
    const foreign = `${realTag} windows/arm64 cpu`
    await expect(button(page, foreign, 'Verify')).toBeVisible()
    await expect(button(page, foreign, 'Try')).toHaveCount(0)
    assert.deepEqual(github.leaks(), [])
  })

  await suite.test('the real library is tried, and one that cannot be loaded says why', async (t) => {
    await have(older)
    const page = await open(t, { at: '/libraries', expectedErrors: /api\/llama\/load$/ })
    await button(page, real, 'Try').click()
    const dialog = page.getByRole('dialog', { name: `Try ${real}` })
    await expect(dialog.getByRole('status')).toHaveText('It works on this machine.')
    await expect(dialog.getByText(/^CPU : .*= 1/)).toBeVisible()
    await expect(dialog.getByRole('table', { name: 'Devices' }).getByRole('row')).toHaveCount(2)
    await page.keyboard.press('Escape')
    await expect(button(page, real, 'Try')).toBeFocused()
    await button(page, `${older} linux/amd64 cpu`, 'Try').click()
    const failed = page.getByRole('dialog').getByRole('alert')
    await expect(failed).toContainText(/is no library that can be loaded/)
    await expect(failed.getByRole('button', { name: 'Try again' })).toBeVisible()
  })

  await suite.test(
    'a build is found, verified, repaired and removed, then old versions, then everything',
    async (t) => {
      // Room for several messages below the table: they would lie over its buttons.
      const page = await open(t, {
        at: '/libraries',
        preferences: unhurried,
        context: { viewport: { width: 1280, height: 1600 } },
      })
      const build = installed(page, real)
      await page.getByRole('button', { name: 'Size' }).click()
      await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending')
      await expect(page.locator('[data-library]').first()).toHaveAttribute('data-library', real)
      await page.getByRole('searchbox', { name: 'Search the libraries' }).fill('windows')
      await expect(build).toHaveCount(0)
      await page.getByRole('searchbox', { name: 'Search the libraries' }).fill('')

      await button(page, real, 'Verify').click()
      await expect(build).toContainText('Verified')
      await expect(page.getByText(/every file is as it was installed/)).toHaveCount(1)
      await damage(await cache())
      await button(page, real, 'Verify').click()
      await expect(build).toContainText('1 changed, 1 unexpected')
      await build.getByRole('button', { name: `Details of ${real}` }).click()
      const details = page.getByRole('dialog', { name: real })
      const found = details.getByRole('region', { name: 'What was found' })
      await expect(found.getByRole('listitem').filter({ hasText: 'libstray.so' })).toBeVisible()
      await expect(details).toContainText('GitHub, which tells the checksum')
      await details.getByRole('button', { name: 'Download again' }).click()
      const form = page.getByRole('dialog', { name: 'Download llama.cpp' })
      await expect(form.getByRole('combobox', { name: 'Version' })).toHaveValue(realTag)
      await form.getByRole('button', { name: 'Download', exact: true }).click()
      await expect(build).toContainText('Installed')
      await button(page, real, 'Verify').click()
      await expect(build).toContainText('Verified')

      await button(page, real, 'Remove').click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Remove library' }).click()
      await expect(page.getByText(/linux\/amd64 cpu is removed, 13\.\d.MiB are free again\./)).toBeVisible()
      await expect(build).toHaveCount(0)
      assert.ok((await cache()).trees.every(({ tag, platform }) => tag !== realTag || platform !== 'linux/amd64'))

      await have(realTag, { ifDuplicate: 'add' })
      await expect(build).toBeVisible()
      const clean = page.getByRole('dialog', { name: 'Clean up' })
      await page.getByRole('button', { name: 'Clean up' }).click()
      await clean.getByRole('spinbutton', { name: 'Versions to keep' }).fill('1')
      await expect(clean.getByText(/^That removes 1 build, /)).toBeVisible()
      await clean.getByRole('button', { name: 'Remove' }).click()
      await expect(page.getByText(/1 build is removed, .* are free again\.$/)).toBeVisible()
      await expect(installed(page, `${older} linux/amd64 cpu`)).toHaveCount(0)
      await page.getByRole('button', { name: 'Clean up' }).click()
      await clean.getByRole('radio', { name: 'All builds' }).check()
      await clean.getByRole('button', { name: 'Remove' }).click()
      await expect(page.getByText(/13\.\d.MiB are free again\.$/)).toBeVisible()
      await expect(page.getByText('No libraries yet')).toBeVisible()
      assert.deepEqual((await cache()).trees, [])
    },
  )

  await suite.test('the add field knows llama.cpp, and a download tells what became of each build', async (t) => {
    const page = await open(t)
    const form = page.getByRole('form', { name: 'Add' })
    await addField(page).fill(`llama.cpp@${older}`)
    await expect(form.getByText('llama.cpp build', { exact: true }).filter({ visible: true })).toHaveCount(1)
    await page.getByRole('button', { name: 'Options' }).click()
    await expect(form.getByRole('checkbox', { name: 'linux/amd64 (this machine)' })).toBeChecked()
    await form.getByRole('checkbox', { name: 'darwin/arm64' }).check()
    await form.getByRole('combobox', { name: 'Variant' }).selectOption('vulkan')
    await expect(form.getByRole('group', { name: 'What would be downloaded' })).toContainText('vulkan')
    await addField(page).press('Enter')
    const name = `llama.cpp ${older} linux-amd64, darwin-arm64 vulkan`
    await expect(row(page, name)).toContainText('1 of 2 platforms failed: darwin/arm64')
    await row(page, name).click()
    const panel = page.getByRole('complementary', { name })
    const builds = panel.getByRole('table', { name: 'Builds' })
    await expect(builds.getByRole('row', { name: /^linux\/amd64 vulkan/ })).toContainText('Verified')
    await expect(builds.getByRole('row', { name: /^darwin\/arm64/ })).toContainText('Failed')
    await expect(panel.getByText('Looking for the release').first()).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(panel).toHaveCount(0)
    const [failed] = (await daemon.list('type=llama&status=error')).downloads
    await daemon.ask('DELETE', `/api/download/${failed?.id}`)
    await have(older, { variant: 'vulkan', ifDuplicate: 'add' })
    await tab(page, 'Completed').click()
    await expect(row(page, `llama.cpp ${older} linux-amd64 vulkan`)).toContainText('In the cache of libraries')
  })

  await suite.test('a used up limit of GitHub is told with the time when it ends', async (t) => {
    github.behaviour.api = () => limited()
    t.after(() => (github.behaviour.api = () => undefined))
    const page = await open(t, { at: '/libraries', expectedErrors: /api\/(?:preview|llama\/releases)$/ })
    await page.getByRole('button', { name: 'Download libraries' }).click()
    const form = page.getByRole('dialog', { name: 'Download llama.cpp' })
    await form.getByRole('combobox', { name: 'Version' }).fill('b1')
    await expect(form.getByText(/The limit is lifted at .?\d\d:\d\d.? \(time of the daemon\)/).first()).toBeVisible()
  })

  await suite.test('libraries are downloaded with nothing but the keyboard', async (t) => {
    const page = await open(t, { at: '/libraries' })
    const way = page.getByRole('button', { name: 'Download libraries' })
    for (let presses = 0; presses < 30 && !(await way.evaluate((one) => one === document.activeElement)); presses++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('combobox', { name: 'Version' })).toBeFocused()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(realTag)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(way).toBeFocused()
    await expect(installed(page, real)).toContainText('Installed')
  })

  // The page without libraries is looked at with the others, in every look.
  const two = ['dark, desktop, right to left', 'light, phone, right to left']
  await breaksNoRule(suite, open, two, async (page, check, look) => {
    const dialog = page.getByRole('dialog')
    const leave = async (): Promise<void> => {
      await page.keyboard.press('Escape')
      await expect(dialog).toHaveCount(0)
    }
    await page.goto(`${daemon.origin}/libraries`)
    const build = installed(page, real)
    await build.locator('[data-column=actions] button').nth(1).click()
    await expect(build.locator('[data-tone=good]')).toBeVisible()
    await check('libraries')
    const ways = page.locator('section[aria-labelledby=libraries] > div').first().locator('button')
    if (look.startsWith('dark')) {
      await build.locator('[data-column=name] button').click()
      await expect(dialog.locator('dl')).toBeVisible()
      await check('one build')
      await leave()
      await ways.nth(1).click()
      await expect(dialog.getByRole('radio').first()).toBeVisible()
      await check('clean up')
    } else {
      await build.locator('[data-column=actions] button').first().click()
      await expect(dialog.getByRole('table')).toBeVisible()
      await check('try')
      await leave()
      await ways.nth(2).click()
      await expect(dialog.locator('[role=group][aria-busy=false]')).toBeVisible()
      await check('download')
    }
  })

  const shown = (page: Page): Promise<void> => expect(page.locator('[data-library]').first()).toBeVisible()
  await needsNoWidth(suite, open, ['/libraries'], shown)
})

/** Changes a byte of the library, and puts another one beside it. */
async function damage({ trees }: LlamaCache): Promise<void> {
  const tree = trees.find(({ tag, platform }) => tag === realTag && platform === 'linux/amd64')
  assert.ok(tree !== undefined && existsSync(tree.libraryPath))
  writeFileSync(realpathSync(tree.libraryPath), 'X', { flag: 'r+' })
  const folder = join(tree.libraryPath, '..')
  assert.ok(readdirSync(folder).length > 3)
  writeFileSync(join(folder, 'libstray.so'), 'stray')
}
